import { createReporter } from './error-report.ts';
import { addExitHook } from './exit-hooks.ts';
import { idleTracer } from './idle-tracer.ts';
import { createIds } from './ids.ts';
import { isSampled } from './is-sampled.ts';
import { type Delivery, openDelivery } from './open-delivery.ts';
import { findOtelParent } from './open-telemetry.ts';
import { quietly } from './quietly.ts';
import { readOptions } from './read-options.ts';
import { createScopes } from './scopes.ts';
import { snapshot } from './snapshot.ts';
import { createSpanMethods, type SpanMethods } from './span-methods.ts';
import { createSpanRecorder } from './span-recorder.ts';
import type { Score, Span, Tracer } from './tracer.ts';
import { findTracerHost, type TracerHost } from './tracer-host.ts';
import type { TracerOptions } from './tracer-options.ts';
import type { WireScore } from './wire-span.ts';

const FLUSH_TIMEOUT_MS = 10_000;
const EXIT_TIMEOUT_MS = 3_000;
const SCORE_BYTES = 1_024;
const LABEL_BYTES_MAX = 64 * 1024;

/**
 * A tracer of its own, beside that of `init` or without it. Throws a `TokentraceConfigError` when the endpoint is not
 * safe or the key is none; nothing throws afterwards. Without a key or an endpoint it records nothing and says so once.
 */
export function createTracer(options: TracerOptions = {}, host: TracerHost = findTracerHost()): Tracer {
  const settings = readOptions(options);
  const report = createReporter(options.onError);
  if (settings.missing !== undefined)
    report({ code: 'disabled', message: `nothing is traced: ${settings.missing} is not set` });
  if (settings.target === undefined) return idleTracer;
  const onFault = (): void => report({ code: 'fault', message: 'a part of a span could not be recorded' });
  const delivery = openDelivery({ options, settings, target: settings.target, host, report });
  const scopes = createScopes(host.AsyncStore);
  const ids = createIds(host.random);
  const recorder = createSpanRecorder({
    ...{ clock: host.clock, ids, scopes, onFault },
    sampleRate: settings.sampleRate,
    spanBytesMax: settings.spanBytesMax,
    onEnd: (span, bytes) => delivery.push({ kind: 'span', span }, bytes),
    onSampledOut: delivery.sampledOut,
    findForeignParent: () =>
      options.linkOpenTelemetry === true ? quietly(findOtelParent, onFault) : undefined,
  });
  const methods = createSpanMethods({
    ...{ recorder, scopes, onFault, labelBytesMax: LABEL_BYTES_MAX },
    isSampled: (traceId) => isSampled(traceId, settings.sampleRate),
  });
  const score = (given: Score): void => {
    quietly(() => {
      const { span, labels } = scopes.current() ?? {};
      const isFree = given.traceId ?? given.spanId ?? given.sessionId;
      const judged =
        isFree === undefined ? { ...span, sessionId: span ? undefined : labels?.session_id } : {};
      const copied = writeScore({ ...judged, ...given, id: given.id ?? ids.spanId() }, host.clock.nowMs());
      delivery.push({ kind: 'score', score: copied }, SCORE_BYTES + (given.comment?.length ?? 0) * 2);
    }, onFault);
  };
  return finishTracer({ methods, score, onFault, delivery, host, hasExitHooks: options.exitHooks !== false });
}

type TracerParts = {
  methods: SpanMethods;
  score(score: Score): void;
  onFault(): void;
  delivery: Delivery;
  host: TracerHost;
  hasExitHooks: boolean;
};

function finishTracer({ methods, score, onFault, delivery, host, hasExitHooks }: TracerParts): Tracer {
  let isShut = false;
  const removeHook = hasExitHooks
    ? addExitHook(host.process, {
        recorded: () => delivery.stats().recorded,
        flush: () => delivery.flush(EXIT_TIMEOUT_MS),
        giveUp: delivery.giveUp,
      })
    : () => {};
  const open: Tracer = {
    ...methods,
    score,
    flush: (options) => delivery.flush(options?.timeoutMs ?? FLUSH_TIMEOUT_MS),
    async shutdown(options) {
      if (isShut) return true;
      isShut = true;
      removeHook();
      const isDone = await delivery.flush(options?.timeoutMs ?? FLUSH_TIMEOUT_MS);
      delivery.giveUp();
      return isDone;
    },
    stats: delivery.stats,
    reportFault: onFault,
  };
  return closable(open, () => isShut);
}

/** After its shutdown a tracer lets everything run and records none of it. */
function closable(open: Tracer, isShut: () => boolean): Tracer {
  const now = (): Tracer => (isShut() ? idleTracer : open);
  return {
    ...open,
    startSpan: (start): Span => now().startSpan(start),
    trace: (name, fn, options) => now().trace(name, fn, options),
    span: (name, fn, options) => now().span(name, fn, options),
    generation: (start) => now().generation(start),
    score: (score) => now().score(score),
  };
}

function writeScore(score: Score & { id: string }, atMs: number): WireScore {
  const copied = snapshot(score.comment, { bytes: LABEL_BYTES_MAX });
  return {
    id: score.id,
    ...(score.traceId !== undefined && { trace_id: score.traceId }),
    ...(score.spanId !== undefined && { span_id: score.spanId }),
    ...(score.sessionId !== undefined && { session_id: score.sessionId }),
    name: score.name,
    value: score.value,
    ...(typeof copied === 'string' && { comment: copied }),
    ...(score.source !== undefined && { source: score.source }),
    at_ms: atMs,
  };
}
