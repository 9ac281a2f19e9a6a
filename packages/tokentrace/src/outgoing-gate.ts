import { type Concealed, concealScore, concealSpan } from './conceal.ts';
import type { BatchHead } from './encode-batch.ts';
import { fitScore, fitSpan } from './fit-span.ts';
import type { Recorded } from './record-queue.ts';
import { type Redactors, redactHead, redactScore, redactSpan } from './redact-record.ts';
import type { WireScore, WireSpan } from './wire-span.ts';
import { writeJson } from './write-json.ts';

/** The app's own redaction: what it returns is sent in the place of the span; null sends nothing. */
export type RedactHook = (span: WireSpan) => WireSpan | null | Promise<WireSpan | null>;

export type GateOptions = {
  conceal: Concealed;
  redact: RedactHook | undefined;
  redactors: Redactors | undefined;
  /** Rejects when the promise takes too long. */
  withinTime<T>(promise: Promise<T>): Promise<T>;
  onFailed(fault: unknown): void;
};

/** What leaves, as JSON. Null: the app's `redact` wants it kept back. */
export type Sealed = string | null;

export type OutgoingGate = {
  /** At once, unless the app's `redact` takes time. Never rejects. */
  seal(record: Recorded): Sealed | Promise<Sealed>;
  /** The same at once, for the moment of exit: a `redact` that takes time counts as failed. */
  sealNow(record: Recorded): Sealed;
  sealHead(head: BatchHead): BatchHead;
};

/**
 * The one way out: every span, score and head goes through here before the wire and the disk. What cannot be redacted
 * is replaced by its bare figures, never sent as it is.
 */
export function createOutgoingGate(options: GateOptions): OutgoingGate {
  const { redact, redactors, conceal } = options;

  function finishSpan(span: WireSpan): Sealed {
    const redacted = redactors ? redactSpan(span, redactors) : span;
    const fitted = fitSpan(redacted);
    if (fitted === undefined) throw new Error('the span that redact returned has no ids or times');
    return writeJson(fitted) ?? null;
  }

  function sealScore(score: WireScore): Sealed {
    const concealed = concealScore(score, conceal);
    const fitted = fitScore(redactors ? redactScore(concealed, redactors) : concealed);
    return fitted === undefined ? null : JSON.stringify(fitted);
  }

  function redactByApp(span: WireSpan): WireSpan | null | Promise<WireSpan | null> {
    const concealed = concealSpan(span, conceal);
    return redact === undefined ? concealed : redact(structuredClone(concealed));
  }

  function sealNow(record: Recorded): Sealed {
    if (record.kind === 'score') return sealScore(record.score);
    const redacted = redactByApp(record.span);
    if (isPromise(redacted)) throw new Error('redact answers later, and the process ends now');
    return redacted === null ? null : finishSpan(redacted);
  }

  async function sealByApp(record: Recorded & { kind: 'span' }): Promise<Sealed> {
    try {
      const result = redactByApp(record.span);
      const redacted = isPromise(result) ? await options.withinTime(result) : result;
      return redacted === null ? null : finishSpan(redacted);
    } catch (fault) {
      return failed(record, fault);
    }
  }

  function failed(record: Recorded, fault: unknown): Sealed {
    options.onFailed(fault);
    const bare = record.kind === 'span' ? bareSpan(record.span) : undefined;
    return bare === undefined ? null : JSON.stringify(bare);
  }

  function trySeal(record: Recorded): Sealed {
    try {
      return sealNow(record);
    } catch (fault) {
      return failed(record, fault);
    }
  }

  return {
    seal: (record) => (redact === undefined || record.kind === 'score' ? trySeal(record) : sealByApp(record)),
    sealNow: trySeal,
    sealHead(head) {
      try {
        return fitHead(redactors ? redactHead(head, redactors) : head);
      } catch (fault) {
        options.onFailed(fault);
        return { sdk: head.sdk };
      }
    },
  };
}

/** What holds no word of the app's: ids, times, kind, outcome and tokens. */
function bareSpan(span: WireSpan): WireSpan | undefined {
  const { trace_id, span_id, parent_span_id, type, start_ms, end_ms, outcome, ttft_ms, usage } = span;
  const bare: WireSpan = { trace_id, span_id, type, name: '[REDACTION_FAILED]', start_ms, end_ms, outcome };
  return fitSpan({
    ...bare,
    ...(parent_span_id !== undefined && { parent_span_id }),
    ...(ttft_ms !== undefined && { ttft_ms }),
    ...(usage !== undefined && { usage }),
  });
}

function fitHead(head: BatchHead): BatchHead {
  const { sdk, environment, release, service } = head;
  return {
    sdk,
    ...(environment && { environment: String(environment).slice(0, 64) }),
    ...(release && { release: String(release).slice(0, 200) }),
    ...(service && { service: String(service).slice(0, 200) }),
  };
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
