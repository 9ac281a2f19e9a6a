import type { Clock } from './clock.ts';
import type { Ids } from './ids.ts';
import { isSampled } from './is-sampled.ts';
import { quietly } from './quietly.ts';
import type { Scope, Scopes } from './scopes.ts';
import type { SnapshotBudget } from './snapshot.ts';
import { writeTraceparent } from './traceparent.ts';
import type { Span, SpanContext, SpanEnd, SpanFields, SpanStart } from './tracer.ts';
import type { SpanOutcome, WireSpan } from './wire-span.ts';
import { addLabels, isAbort, joinLabels, type SpanDraft, writeError, writeFields } from './write-fields.ts';

/** What a span costs in memory beside its content, roughly. */
const SPAN_BYTES = 1024;

export type RecorderDeps = {
  clock: Clock;
  ids: Ids;
  scopes: Scopes;
  sampleRate: number;
  /** What the content of one span may hold of memory. */
  spanBytesMax: number;
  /** Takes a span that has ended, with what it holds of memory. */
  onEnd(span: WireSpan, bytes: number): void;
  onSampledOut(): void;
  onFault(fault: unknown): void;
  /** The span of another tracer that is current, when it was asked to be the parent. */
  findForeignParent(): SpanContext | undefined;
};

export type SpanRecorder = {
  /** `outer` is the scope it starts in, when that is not the current one. */
  start(start: SpanStart & { name: string }, outer?: Scope): Span;
  /** The scope of what runs below a span. */
  scopeOf(span: Span): Scope;
};

/** Makes spans and collects what is told of them until they end. */
export function createSpanRecorder(deps: RecorderDeps): SpanRecorder {
  const scopesOf = new WeakMap<Span, Scope>();

  function start(options: SpanStart & { name: string }, outer = deps.scopes.current()): Span {
    const parent = options.parent === undefined ? (outer?.span ?? deps.findForeignParent()) : options.parent;
    const traceId = parent?.traceId ?? deps.ids.traceId();
    const context: SpanContext = { traceId, spanId: deps.ids.spanId() };
    const scope: Scope = { span: context, labels: outer?.labels ?? {} };
    const isKept = isSampled(traceId, deps.sampleRate);
    if (!isKept) deps.onSampledOut();
    const recording = isKept ? openRecording(deps, { context, scope, parent, options }) : undefined;
    const span = openSpan({ deps, context, scope, recording, open: start });
    scopesOf.set(span, scope);
    return span;
  }

  return { start, scopeOf: (span) => scopesOf.get(span) ?? { span, labels: {} } };
}

type Recording = {
  learn(fields: SpanFields): void;
  firstToken(): void;
  end(outcome: SpanOutcome, fields: SpanEnd | undefined, error?: unknown): void;
};

type SpanPlace = Pick<WireSpan, 'trace_id' | 'span_id' | 'start_ms'>;

type Opening = {
  context: SpanContext;
  scope: Scope;
  parent: SpanContext | null | undefined;
  options: SpanStart & { name: string };
};

function openRecording(deps: RecorderDeps, { context, scope, parent, options }: Opening): Recording {
  const { clock, onFault, spanBytesMax } = deps;
  const budget: SnapshotBudget = { bytes: spanBytesMax };
  const startMs = options.startMs ?? clock.nowMs();
  const draft: SpanDraft & SpanPlace = {
    trace_id: context.traceId,
    span_id: context.spanId,
    ...(parent && { parent_span_id: parent.spanId }),
    start_ms: startMs,
  };
  let isOver = false;
  const learn = (fields: SpanFields): void => {
    if (isOver) return;
    quietly(() => writeFields(draft, fields, budget), onFault);
    // Whose work it is holds for all that is done below.
    const { userId, sessionId } = fields;
    if (userId !== undefined || sessionId !== undefined)
      scope.labels = addLabels(scope.labels, { userId, sessionId }, budget);
  };
  learn(options);

  function end(outcome: SpanOutcome, fields: SpanEnd | undefined, error?: unknown): void {
    if (isOver) return;
    if (fields !== undefined) learn(fields);
    isOver = true;
    if (error !== undefined) quietly(() => (draft.error = writeError(error, budget)), onFault);
    const endMs = fields?.endMs ?? clock.nowMs();
    joinLabels(draft, scope.labels);
    const span = Object.assign(draft, {
      outcome,
      end_ms: Math.max(startMs, endMs),
      type: draft.type ?? 'span',
      name: draft.name ?? 'span',
    });
    deps.onEnd(span, spanBytesMax - budget.bytes + SPAN_BYTES);
  }

  return {
    learn,
    firstToken() {
      if (!isOver) draft.ttft_ms ??= Math.max(0, clock.nowMs() - startMs);
    },
    end: (...ending) => quietly(() => end(...ending), onFault),
  };
}

type SpanParts = {
  deps: RecorderDeps;
  context: SpanContext;
  scope: Scope;
  recording: Recording | undefined;
  open: SpanRecorder['start'];
};

function openSpan({ deps, context, scope, recording, open }: SpanParts): Span {
  return {
    ...context,
    recording: recording !== undefined,
    update: (fields) => recording?.learn(fields),
    firstToken: () => recording?.firstToken(),
    end: (fields) => recording?.end('ok', fields),
    fail: (error, fields) =>
      recording?.end(isAbort(error) ? 'cancelled' : 'failed', fields, error ?? 'unknown'),
    cancel: (fields) => recording?.end('cancelled', fields),
    run: (fn) => deps.scopes.run(scope, fn),
    traceparent: () => writeTraceparent(context, recording !== undefined),
    open: (start) => open(start, scope),
  };
}
