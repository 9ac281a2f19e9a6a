export { defaultTracer } from './default-tracer.ts';
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
