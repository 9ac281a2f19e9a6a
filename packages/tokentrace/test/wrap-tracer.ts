import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { vi } from 'vitest';
import { createScopes } from '../src/scopes.ts';
import { createSpanRecorder } from '../src/span-recorder.ts';
import type { Span, Tags, Tracer } from '../src/tracer.ts';
import type { WireSpan } from '../src/wire-span.ts';

export type TestTracer = {
  tracer: Tracer;
  /** Every span that has ended, in the order of their ends. */
  spans: WireSpan[];
  /** Waits until this many spans have ended. */
  ended(count: number): Promise<WireSpan[]>;
};

/** The recorder and the context of the package, with a list where the sending would be. */
export function createTestTracer(): TestTracer {
  const spans: WireSpan[] = [];
  const scopes = createScopes(AsyncLocalStorage);
  const recorder = createSpanRecorder({
    clock: { nowMs: () => performance.timeOrigin + performance.now() },
    ids: { traceId: () => randomBytes(16).toString('hex'), spanId: () => randomBytes(8).toString('hex') },
    scopes,
    sampleRate: 1,
    spanBytesMax: 4_000_000,
    onEnd: (span) => spans.push(span),
    onSampledOut: () => {},
    onFault: (fault) => {
      throw fault;
    },
    findForeignParent: () => undefined,
  } as Parameters<typeof createSpanRecorder>[0]);
  const inside = <T>(span: Span, fn: (span: Span) => T): T => {
    const result = span.run(() => fn(span));
    if (result instanceof Promise) result.finally(() => span.end()).catch(() => {});
    else span.end();
    return result;
  };
  const tracer: Tracer = {
    startSpan: recorder.start,
    trace: (name, fn, options) => inside(recorder.start({ ...options, name, parent: null }), fn),
    span: (name, fn, options) => inside(recorder.start({ ...options, name }), fn),
    generation: (start) => recorder.start({ type: 'generation', ...start, name: start.name ?? 'generation' }),
    score: () => {},
    tag: ((tags: Tags, fn: () => unknown) =>
      scopes.run(
        {
          span: scopes.current()?.span,
          labels: {
            ...(tags.userId !== undefined && { user_id: tags.userId }),
            tags: [...(tags.tags ?? [])],
          },
        },
        fn,
      )) as Tracer['tag'],
    currentTraceparent: () => undefined,
    withTraceparent: (_header, fn) => fn(),
    flush: async () => true,
    shutdown: async () => true,
    stats: () => ({ recorded: spans.length, accepted: 0, dropped: {}, queued: 0, queuedBytes: 0 }),
  };
  return {
    tracer,
    spans,
    ended: (count) =>
      vi.waitFor(
        () => {
          if (spans.length < count) throw new Error(`${spans.length} of ${count} spans have ended`);
          return spans;
        },
        { timeout: 3_000, interval: 5 },
      ),
  };
}
