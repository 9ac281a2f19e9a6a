export { TokentraceConfigError } from './config-error.ts';
export { createTracer } from './create-tracer.ts';
export { defaultTracer } from './default-tracer.ts';
export type { ErrorReport } from './error-report.ts';
export {
  currentTraceparent,
  flush,
  generation,
  init,
  score,
  shutdown,
  span,
  stats,
  tag,
  trace,
  withTraceparent,
} from './init.ts';
export type { RedactHook } from './outgoing-gate.ts';
export type { SpoolOptions } from './spool.ts';
export type {
  ContentDialect,
  DropReason,
  Score,
  Span,
  SpanContext,
  SpanEnd,
  SpanFields,
  SpanOptions,
  SpanStart,
  SpanType,
  Stats,
  Tags,
  TokenUsage,
  Tracer,
} from './tracer.ts';
export type { FlushMode, PiiOptions, TracerOptions } from './tracer-options.ts';
export type { WaitUntil } from './wait-until.ts';
export type { WireSpan } from './wire-span.ts';
export type { WrapOptions } from './wrap/clients/call-route.ts';
export { type AiSdkOptions, traceAiSdk } from './wrap/trace-ai-sdk.ts';
export {
  createTokentraceCallbackHandler,
  type LangchainOptions,
  type TokentraceCallbackHandler,
} from './wrap/trace-langchain.ts';
export { wrapAnthropic } from './wrap/wrap-anthropic.ts';
export { wrapGemini, wrapGeminiModel } from './wrap/wrap-gemini.ts';
export { wrapOpenAI } from './wrap/wrap-openai.ts';
