export type * from './call.ts';
export type * from './dialect.ts';
export { ERRORS, type ErrorCode, type ErrorDetail, GatewayError } from './error.ts';
export type { Event, PartStart, StopReason } from './event.ts';
export type { Json, JsonObject } from './json.ts';
export type { Loss } from './loss.ts';
export type { Reply } from './reply.ts';
export type { Usage } from './usage.ts';
