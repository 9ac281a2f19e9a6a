import type { Span, SpanStart, Tracer } from './tracer.ts';

/** Stands in before `init` and where tracing is disabled: everything runs, nothing is recorded. */
export const idleTracer: Tracer = {
  startSpan: () => idleSpan,
  trace: (_name, fn) => fn(idleSpan),
  span: (_name, fn) => fn(idleSpan),
  generation: (_start: SpanStart) => idleSpan,
  score: () => {},
  tag: ((_tags: unknown, fn?: () => unknown) => fn?.()) as Tracer['tag'],
  currentTraceparent: () => undefined,
  withTraceparent: (_header, fn) => fn(),
  flush: async () => true,
  shutdown: async () => true,
  stats: () => ({ recorded: 0, accepted: 0, dropped: {}, queued: 0, queuedBytes: 0 }),
};

const idleSpan: Span = {
  traceId: '0'.repeat(32),
  spanId: '0'.repeat(16),
  recording: false,
  update: () => {},
  firstToken: () => {},
  end: () => {},
  fail: () => {},
  cancel: () => {},
  run: (fn) => fn(),
  traceparent: () => `00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`,
  open: () => idleSpan,
};
