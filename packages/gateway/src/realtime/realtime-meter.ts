import {
  type AssistantPart,
  type GatewayError,
  isObject,
  type Json,
  type JsonObject,
  parseJson,
  type StopReason,
  type Usage,
} from '@app/protocol';
import { tagsOf } from '../admission/counting.ts';
import type { CallRecord, Clock, Principal, RecordCall, Target } from '../ports.ts';
import { attemptCost, nothing } from '../record/call-cost.ts';
import { isCaptured, redactedIfAsked } from '../record/capture-of.ts';
import { credentialOf } from '../record/credential-of.ts';
import { cut, labelled } from '../record/ledger.ts';
import { parseTraceParent } from '../record/trace-parent.ts';
import { readRealtimeUsage } from './realtime-usage.ts';

export type RealtimeMeterInput = {
  principal: Principal;
  target: Target;
  route: string;
  modelAsked: string;
  traceparent?: string;
  capture?: string;
  clock: Pick<Clock, 'nowMs'>;
  record: RecordCall;
  /** Labels of the caller's own, beside those of its key. */
  tags?: readonly string[];
  /** Hears of every response that is over, before it is recorded. */
  onResponse?: (record: CallRecord) => void;
  newRequestId(): string;
  newTraceId(): string;
  newSpanId(): string;
};

/** Writes a record for every response of a session, all in one trace. */
export type RealtimeMeter = {
  /** A message of the provider, as text. */
  see(text: string): void;
  /** Whether a response is under way. */
  isMidway(): boolean;
  /** The session is over; a response under way is recorded as it stands. */
  close(end: { status: number; error: GatewayError | undefined }): void;
};

/** Messages that matter here, told by their text so that sound is never parsed. */
const CREATED = '"response.created"';
const DONE = '"response.done"';
const DELTA = '.delta"';
const TYPE_CHARS = 256;

type Open = { startedAtMs: number; firstAtMs: number | undefined };
type Done = {
  status: number;
  error: GatewayError | undefined;
  response: JsonObject;
  /** The provider said so. */
  isOver: boolean;
  /** Something was made, or may have been: where the provider does not say how much, its cost is not known. */
  isCharged: boolean;
};

export function openRealtimeMeter(input: RealtimeMeterInput): RealtimeMeter {
  const parent = parseTraceParent(input.traceparent);
  const trace = { traceId: parent?.traceId ?? input.newTraceId(), parentSpanId: parent?.parentSpanId };
  const openedAtMs = input.clock.nowMs();
  let open: Open | undefined;
  let responses = 0;

  const write = (done: Done): void => {
    responses += 1;
    const from = open ?? { startedAtMs: openedAtMs, firstAtMs: undefined };
    open = undefined;
    const record = written(input, trace, { ...done, ...from });
    if (done.isOver) input.onResponse?.(record);
    input.record(record);
  };

  return {
    see(text) {
      if (open !== undefined && open.firstAtMs === undefined && text.slice(0, TYPE_CHARS).includes(DELTA)) {
        open.firstAtMs = input.clock.nowMs();
      }
      const isCreated = text.includes(CREATED);
      if (!isCreated && !text.includes(DONE)) return;
      const message = parseJson(text);
      if (!isObject(message)) return;
      if (message.type === 'response.created')
        open = { startedAtMs: input.clock.nowMs(), firstAtMs: undefined };
      if (message.type === 'response.done' && isObject(message.response)) {
        const { response } = message;
        const isCharged = isObject(response.usage) || response.status !== 'failed';
        write({ status: 200, error: undefined, response, isOver: true, isCharged });
      }
    },
    close({ status, error }) {
      // A session without a response is told once, so that a refusal is not lost.
      const isCharged = open !== undefined;
      if (isCharged || responses === 0) write({ status, error, response: {}, isOver: false, isCharged });
    },
    isMidway: () => open !== undefined,
  };
}

type Trace = { traceId: string; parentSpanId: string | undefined };

function written(input: RealtimeMeterInput, trace: Trace, done: Done & Open): CallRecord {
  const { principal, target, newSpanId } = input;
  const { response, error, status, startedAtMs, firstAtMs } = done;
  const usage = readRealtimeUsage(response.usage);
  const endedAtMs = input.clock.nowMs();
  const ttftMs = firstAtMs === undefined ? undefined : firstAtMs - startedAtMs;
  const cost = done.isCharged
    ? attemptCost({ usage, target, mode: principal.mode })
    : nothing(principal.mode);
  const shown = {
    startedAtMs,
    endedAtMs,
    ttftMs,
    provider: target.provider.id,
    ...credentialOf(target),
    model: target.model,
    status,
    errorCode: error?.code,
    errorMessage: cut(error?.message),
    usage,
    cost,
  };
  const outcome = error === undefined ? 'ok' : 'failed';
  return {
    ...trace,
    ...shown,
    requestId: input.newRequestId(),
    spanId: newSpanId(),
    organizationId: principal.organizationId,
    projectId: principal.projectId,
    keyId: principal.keyId,
    mode: principal.mode,
    environment: principal.environment,
    userId: undefined,
    route: input.route,
    dialect: 'openai-responses',
    stream: true,
    modelAsked: cut(input.modelAsked),
    losses: [],
    ...labelled({ tags: tagsOf(principal, input.tags), limits: undefined }),
    attempts: [{ ...shown, spanId: newSpanId(), outcome }],
    ...redactedIfAsked(input),
    request: undefined,
    reply: isCaptured(input) ? replyOf(response, target.model, usage) : undefined,
  };
}

const STOPS: ReadonlyMap<string, StopReason> = new Map([
  ['completed', 'end'],
  ['incomplete', 'length'],
]);

function replyOf(response: JsonObject, model: string, usage: Usage): CallRecord['reply'] {
  const output = Array.isArray(response.output) ? response.output.filter(isObject) : [];
  if (output.length === 0) return undefined;
  const rawStop = typeof response.status === 'string' ? response.status : '';
  return {
    id: textOf(response.id),
    model,
    parts: output.flatMap(partsOf),
    stop: STOPS.get(rawStop) ?? 'other',
    rawStop,
    usage,
  };
}

/** What was said, in writing; sound itself is never kept. */
function partsOf(item: JsonObject): AssistantPart[] {
  if (item.type === 'function_call') {
    return [
      { kind: 'tool-call', id: textOf(item.call_id), name: textOf(item.name), input: textOf(item.arguments) },
    ];
  }
  const content = Array.isArray(item.content) ? item.content.filter(isObject) : [];
  return content.flatMap((part): AssistantPart[] => {
    const text = textOf(part.text) || textOf(part.transcript);
    return text === '' ? [] : [{ kind: 'text', text }];
  });
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
