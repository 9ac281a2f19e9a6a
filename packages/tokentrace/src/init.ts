import { createTracer } from './create-tracer.ts';
import { defaultTracer, findDefaultTracer, setDefaultTracer } from './default-tracer.ts';
import type { Score, Span, SpanOptions, SpanStart, Stats, Tags, Tracer } from './tracer.ts';
import type { TracerOptions } from './tracer-options.ts';

/**
 * Starts tracing for the whole process: wrapped clients and the functions of this package use this tracer. A second call
 * replaces it, and what the first still holds is sent. Throws a `TokentraceConfigError` for an endpoint that is not HTTPS.
 */
export function init(options: TracerOptions = {}): Tracer {
  const tracer = createTracer(options);
  const before = findDefaultTracer();
  setDefaultTracer(tracer);
  void before?.shutdown();
  return tracer;
}

/** Runs `fn` as the root of a new trace. What it gives back, or throws, comes back unchanged. */
export function trace<T>(name: string, fn: (span: Span) => T, options?: SpanOptions): T {
  return defaultTracer().trace(name, fn, options);
}

/** Runs `fn` as a span below the current one. What it gives back, or throws, comes back unchanged. */
export function span<T>(name: string, fn: (span: Span) => T, options?: SpanOptions): T {
  return defaultTracer().span(name, fn, options);
}

/** Starts a call of a model that no wrapped client makes. It must be ended. */
export function generation(start: SpanStart & { name?: string }): Span {
  return defaultTracer().generation(start);
}

/** Judges the current span, or the trace, span or session that is named. */
export function score(given: Score): void {
  defaultTracer().score(given);
}

/** Says who and what the current span and all that starts below it belong to; with `fn`, only what starts in `fn`. */
export function tag(tags: Tags): void;
export function tag<T>(tags: Tags, fn: () => T): T;
export function tag<T>(tags: Tags, fn?: () => T): T | undefined {
  if (fn !== undefined) return defaultTracer().tag(tags, fn);
  defaultTracer().tag(tags);
  return undefined;
}

/** The W3C `traceparent` header of the current span, to hand to another service. */
export function currentTraceparent(): string | undefined {
  return defaultTracer().currentTraceparent();
}

/** Runs `fn` below the span that a `traceparent` header of another service names. */
export function withTraceparent<T>(header: string | null | undefined, fn: () => T): T {
  return defaultTracer().withTraceparent(header, fn);
}

/** Sends what waits. True when all of it arrived before the time was up. */
export function flush(options?: { timeoutMs?: number }): Promise<boolean> {
  return defaultTracer().flush(options);
}

/** Sends what waits, then records no more. */
export function shutdown(options?: { timeoutMs?: number }): Promise<boolean> {
  return defaultTracer().shutdown(options);
}

/** What was recorded, what arrived and what was lost, since the start. */
export function stats(): Stats {
  return defaultTracer().stats();
}
