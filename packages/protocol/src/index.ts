export type * from './call.ts';
export { callerPath } from './caller-path.ts';
export { type Ability, type CallFeature, capabilities } from './capabilities.ts';
export { type Collector, collect, openCollector } from './collect.ts';
export { type CallAbility, crossingOf, type ReplyAbility } from './crossing.ts';
export type * from './dialect.ts';
export { dialects, providerDialects } from './dialects.ts';
export { embedDialects } from './embeddings/embed-dialects.ts';
export type * from './embeddings/embedding.ts';
export { base64Of, floatsOf } from './embeddings/vector.ts';
export { ERRORS, type ErrorCode, type ErrorDetail, GatewayError } from './error.ts';
export type { Event, PartStart, StopReason } from './event.ts';
export { explode } from './explode.ts';
export { isObject, type Json, type JsonObject, parseJson } from './json.ts';
export type { Loss } from './loss.ts';
export { openSseReader, type SseReader } from './open-sse-reader.ts';
export type { Reply } from './reply.ts';
export {
  type FeatureWatch,
  openFeatureWatch,
  type ReplyFeature,
  type SeenFeatures,
} from './reply-features.ts';
export { replyLosses } from './reply-losses.ts';
export { carrySignature, type Maker, readSignature, type Signature } from './signature.ts';
export { billingOf } from './tell-usage.ts';
export { closing as ownClosing, openOwnWriter } from './tokenrouter-stream/write-stream.ts';
export { type Billing, putCached, type ToolUses, type Usage } from './usage.ts';
export { usageReaders, type WireUsage } from './usage-readers.ts';
export { writeFrame } from './write-frame.ts';
