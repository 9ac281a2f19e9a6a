import type { SpanContext } from './tracer.ts';

/**
 * OpenTelemetry is looked at where it keeps its one global registration, so that nothing is imported and nothing of ours
 * is registered there. Source: @opentelemetry/api, internal/global-utils and createContextKey.
 */
const REGISTRY = Symbol.for('opentelemetry.js.api.1');
const SPAN_KEY = Symbol.for('OpenTelemetry Context Key SPAN');
const SUPPRESS_KEY = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

type OtelContext = { getValue(key: symbol): unknown; setValue(key: symbol, value: unknown): OtelContext };
type OtelContexts = { active(): OtelContext; with<T>(context: OtelContext, fn: () => T): T };
type OtelSpan = { spanContext(): SpanContext };
type Host = { [REGISTRY]?: { context?: OtelContexts } };

/** The span that is current in the app's OpenTelemetry, when there is one. */
export function findOtelParent(): SpanContext | undefined {
  const span = findContexts()?.active().getValue(SPAN_KEY);
  if (typeof span !== 'object' || span === null || !('spanContext' in span)) return undefined;
  const { traceId, spanId } = (span as OtelSpan).spanContext();
  const isValid = /^(?!0+$)[0-9a-f]{32}$/.test(traceId) && /^(?!0+$)[0-9a-f]{16}$/.test(spanId);
  return isValid ? { traceId, spanId } : undefined;
}

/** Runs `fn` so that the app's OpenTelemetry records no span of our own requests. */
export function hiddenFromOtel<T>(fn: () => T): T {
  const contexts = findContexts();
  return contexts === undefined ? fn() : contexts.with(contexts.active().setValue(SUPPRESS_KEY, true), fn);
}

function findContexts(): OtelContexts | undefined {
  return (globalThis as Host)[REGISTRY]?.context;
}
