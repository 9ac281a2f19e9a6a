import { type Call, type GatewayError, type Loss, replyLosses } from '@app/protocol';
import { tagsOf } from '../admission/counting.ts';
import type { Reservation } from '../admission/reserve.ts';
import type { Asked } from '../asked.ts';
import type { AttemptRecord, CallRecord, Clock, LimitEffects, Target } from '../ports.ts';
import type { JourneySettings } from '../settings.ts';
import { sumCosts } from './call-cost.ts';
import { isCaptured, redactedIfAsked } from './capture-of.ts';
import { openTally, type Tally } from './tally.ts';
import { parseTraceParent } from './trace-parent.ts';

export type LedgerDeps = {
  clock: Clock;
  newTraceId(): string;
  newSpanId(): string;
  settings: JourneySettings;
};

type AttemptOutcome = {
  outcome: AttemptRecord['outcome'];
  status: number | undefined;
  error?: GatewayError;
};

/** What a call learned on its way: filled by the attempts, read once when the call is over. */
export type Ledger = {
  /** Epoch milliseconds on the call's own monotonic clock, so that no span ends before it began. */
  nowMs(): number;
  /** What the attempt holds is settled when it ends, with what it used. */
  begin(target: Target, reservation?: Reservation): Tally;
  /** Bytes leave for the provider. */
  noteSent(): void;
  /** What limits did to the call. */
  noteLimits(effects: LimitEffects): void;
  lose(losses: readonly Loss[]): void;
  /** What the call lost on its way to the provider; what the reply lost on its way back is in the record alone. */
  losses(): readonly Loss[];
  /** Ends the attempt under way, if there is one. */
  endAttempt(end: AttemptOutcome): void;
  attempts(): number;
  close(end: { status: number; error: GatewayError | undefined }): CallRecord;
};

export function openLedger(deps: LedgerDeps, asked: Asked, call: Call | undefined): Ledger {
  const attempts: AttemptRecord[] = [];
  let losses: readonly Loss[] = [];
  let tally: Tally | undefined;
  let isOpen = false;
  let reservation: Reservation | undefined;
  let isSent = false;
  let limits: LimitEffects | undefined;
  const isKept = isCaptured(asked);
  const nowMs = (): number =>
    asked.receivedAt.epochMs + deps.clock.monotonicMs() - asked.receivedAt.monotonicMs;

  const endAttempt = ({ outcome, status, error }: AttemptOutcome): void => {
    if (tally === undefined || !isOpen) return;
    isOpen = false;
    const { code: errorCode, message } = error ?? {};
    const end = { outcome, status, errorCode, errorMessage: cut(message), endedAtMs: nowMs() };
    const attempt = tally.close(end);
    attempts.push(attempt);
    reservation?.settle({ ...attempt, isUnsent: !isSent });
  };
  return {
    nowMs,
    noteSent: () => {
      isSent = true;
    },
    noteLimits: (effects) => {
      limits = { ...limits, ...effects };
    },
    begin(target, held) {
      if (call === undefined) throw new Error('An attempt needs a call that was read.');
      const { mode } = asked.principal;
      const about = { call, target, mode, isCaptured: isKept, keptCharsMax: deps.settings.replyBytesMax };
      tally = openTally({ ...about, spanId: deps.newSpanId(), startedAtMs: nowMs() });
      isOpen = true;
      isSent = false;
      reservation = held;
      losses = [];
      limits = withoutCap(limits);
      return tally;
    },
    lose: (more) => {
      losses = more;
    },
    losses: () => losses,
    attempts: () => attempts.length + (isOpen ? 1 : 0),
    endAttempt,
    close({ status, error }) {
      endAttempt({ outcome: 'cancelled', status: undefined, ...(error === undefined ? {} : { error }) });
      const endedAtMs = nowMs();
      return written({
        deps,
        asked,
        call,
        attempts,
        losses,
        limits,
        tally,
        isKept,
        endedAtMs,
        status,
        error,
      });
    },
  };
}

type Closing = {
  deps: LedgerDeps;
  asked: Asked;
  call: Call | undefined;
  attempts: readonly AttemptRecord[];
  losses: readonly Loss[];
  limits: LimitEffects | undefined;
  tally: Tally | undefined;
  isKept: boolean;
  endedAtMs: number;
  status: number;
  error: GatewayError | undefined;
};

function written(closing: Closing): CallRecord {
  const { deps, asked, call, attempts, tally, isKept } = closing;
  const { principal } = asked;
  const last = attempts.at(-1);
  const parent = parseTraceParent(asked.traceparent);
  const startedAtMs = asked.receivedAt.epochMs;
  const firstPartAtMs = call?.stream === true ? tally?.firstPartAtMs() : undefined;
  return {
    requestId: asked.requestId,
    traceId: parent?.traceId ?? deps.newTraceId(),
    spanId: deps.newSpanId(),
    parentSpanId: parent?.parentSpanId,
    organizationId: principal.organizationId,
    projectId: principal.projectId,
    keyId: principal.keyId,
    mode: principal.mode,
    environment: principal.environment,
    userId: cut(asked.userId ?? call?.user),
    sessionId: cut(asked.sessionId ?? call?.metadata?.session_id),
    route: asked.route,
    dialect: asked.dialect.id,
    stream: call?.stream ?? false,
    startedAtMs,
    endedAtMs: closing.endedAtMs,
    ttftMs: firstPartAtMs === undefined ? undefined : firstPartAtMs - startedAtMs,
    modelAsked: cut(call?.model),
    provider: last?.provider,
    model: last?.model,
    status: closing.status,
    errorCode: closing.error?.code,
    errorMessage: cut(closing.error?.message),
    usage: last?.usage ?? {},
    cost: sumCosts(attempts, principal.mode),
    losses: [...closing.losses, ...lostInReply(closing)],
    attempts,
    ...labelled({ tags: tagsOf(principal, asked.tags), limits: closing.limits }),
    ...redactedIfAsked(asked),
    request: isKept && asked.body.ok ? asked.bodyText : undefined,
    reply: tally?.reply(),
  };
}

/** A cap is about one target: the next may get all that was asked. */
function withoutCap(limits: LimitEffects | undefined): LimitEffects | undefined {
  if (limits?.outputTokensMax === undefined) return limits;
  const { outputTokensMax: _, ...rest } = limits;
  return Object.keys(rest).length === 0 ? undefined : rest;
}

type Labels = { tags: readonly string[]; limits: LimitEffects | undefined };

/** Most calls have neither. */
export function labelled({ tags, limits }: Labels): Pick<CallRecord, 'tags' | 'limits'> {
  return { ...(tags.length === 0 ? {} : { tags }), ...(limits === undefined ? {} : { limits }) };
}

/** Within one dialect the caller gets everything. */
function lostInReply({ asked, tally }: Closing): Loss[] {
  if (tally === undefined || tally.target.provider.dialect === asked.dialect.id) return [];
  return replyLosses(tally.features(), asked.dialect.id);
}

const TEXT_CHARS_MAX = 1_000;

/** Texts from outside that every list of calls shows stay short. */
export function cut(text: string | undefined): string | undefined {
  return text === undefined || text.length <= TEXT_CHARS_MAX ? text : `${text.slice(0, TEXT_CHARS_MAX)}…`;
}
