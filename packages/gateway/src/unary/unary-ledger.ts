import type { GatewayError, Loss } from '@app/protocol';
import type { Cost } from '@app/providers';
import { tagsOf } from '../admission/counting.ts';
import type { Reservation } from '../admission/reserve.ts';
import type { AttemptRecord, CallRecord, LimitEffects, Target } from '../ports.ts';
import { nothing, sumCosts } from '../record/call-cost.ts';
import { isCaptured, redactedIfAsked } from '../record/capture-of.ts';
import { credentialOf } from '../record/credential-of.ts';
import { cut, type LedgerDeps, labelled } from '../record/ledger.ts';
import { parseTraceParent } from '../record/trace-parent.ts';
import type { UnaryAsked } from './unary-asked.ts';
import { unaryBilling, unaryCost } from './unary-cost.ts';
import type { Metered } from './unary-operation.ts';

/** What is known of a request once it was understood. */
type UnaryFacts = {
  model?: string | undefined;
  user?: string | undefined;
  isStream?: boolean;
};

type AttemptOutcome = {
  outcome: AttemptRecord['outcome'];
  status: number | undefined;
  error?: GatewayError;
  /** Part of an answer came, which its provider may well bill. */
  isBegun?: boolean;
  metered?: Metered;
  isEstimated?: boolean;
  cost?: Cost;
};

/** What a request that is no conversation learned on its way; the small sister of the conversation's ledger. */
export type UnaryLedger = {
  note(facts: UnaryFacts): void;
  /** `isFree`: this target asks nothing for it. What the attempt holds is settled when it ends. */
  begin(target: Target, begun: { isFree: boolean; reservation: Reservation }): void;
  /** Bytes leave for the provider. */
  noteSent(): void;
  /** What limits did to the request. */
  noteLimits(effects: LimitEffects): void;
  lose(losses: readonly Loss[]): void;
  losses(): readonly Loss[];
  /** Keeps what was answered, where the project keeps such things and it is short. */
  keep(text: string): void;
  endAttempt(end: AttemptOutcome): void;
  attempts(): number;
  close(end: { status: number; error: GatewayError | undefined }): CallRecord;
};

type Deps = Pick<LedgerDeps, 'clock' | 'newTraceId' | 'newSpanId'>;
type Open = {
  target: Target;
  isFree: boolean;
  reservation: Reservation;
  spanId: string;
  startedAtMs: number;
};

/** Longer bodies are files in JSON clothes: pictures, vectors, sound. */
const KEPT_CHARS_MAX = 262_144;

export function openUnaryLedger(deps: Deps, asked: UnaryAsked): UnaryLedger {
  const attempts: AttemptRecord[] = [];
  let facts: UnaryFacts = {};
  let losses: readonly Loss[] = [];
  let open: Open | undefined;
  let shown: string | undefined;
  let isSent = false;
  let limits: LimitEffects | undefined;
  const isKept = isCaptured(asked);
  const { mode } = asked.principal;
  const nowMs = (): number =>
    asked.receivedAt.epochMs + deps.clock.monotonicMs() - asked.receivedAt.monotonicMs;

  const endAttempt = (end: AttemptOutcome): void => {
    if (open === undefined) return;
    const attempt = { ...attemptOf(open, end, mode), endedAtMs: nowMs() };
    const { reservation } = open;
    attempts.push(attempt);
    open = undefined;
    reservation.settle({ ...attempt, isUnsent: !isSent });
  };

  return {
    note: (more) => {
      facts = more;
    },
    begin(target, { isFree, reservation }) {
      open = { target, isFree, reservation, spanId: deps.newSpanId(), startedAtMs: nowMs() };
      isSent = false;
      losses = [];
    },
    noteSent: () => {
      isSent = true;
    },
    noteLimits: (effects) => {
      limits = { ...limits, ...effects };
    },
    lose: (more) => {
      losses = more;
    },
    losses: () => losses,
    keep: (text) => {
      if (isKept && text.length <= KEPT_CHARS_MAX) shown = text;
    },
    endAttempt,
    attempts: () => attempts.length + (open === undefined ? 0 : 1),
    close({ status, error }) {
      endAttempt({ outcome: 'cancelled', status: undefined, ...(error === undefined ? {} : { error }) });
      const request = isKept ? requestText(asked) : undefined;
      return written(deps, {
        asked,
        facts,
        attempts,
        losses,
        limits,
        shown,
        request,
        status,
        error,
        endedAtMs: nowMs(),
      });
    },
  };
}

function attemptOf(
  { target, isFree, spanId, startedAtMs }: Open,
  end: AttemptOutcome,
  mode: 'live' | 'test',
): Omit<AttemptRecord, 'endedAtMs'> {
  const metered = end.metered ?? { usage: {} };
  const billing = unaryBilling(metered, end.isEstimated === true);
  const isUnbilled = isFree || (end.outcome === 'failed' && end.isBegun !== true);
  return {
    spanId,
    provider: target.provider.id,
    ...credentialOf(target),
    model: target.model,
    startedAtMs,
    ttftMs: undefined,
    status: end.status,
    outcome: end.outcome,
    errorCode: end.error?.code,
    errorMessage: cut(end.error?.message),
    usage: metered.usage,
    ...(Object.keys(billing).length === 0 ? {} : { billing }),
    cost: end.cost ?? (isUnbilled ? nothing(mode) : unaryCost(metered, { ...end, target, mode })),
  };
}

function requestText({ input, bodyText }: UnaryAsked): string | undefined {
  return input.ok && bodyText !== '' && bodyText.length <= KEPT_CHARS_MAX ? bodyText : undefined;
}

type Closing = {
  asked: UnaryAsked;
  facts: UnaryFacts;
  attempts: readonly AttemptRecord[];
  losses: readonly Loss[];
  limits: LimitEffects | undefined;
  shown: string | undefined;
  request: string | undefined;
  status: number;
  error: GatewayError | undefined;
  endedAtMs: number;
};

function written(deps: Deps, closing: Closing): CallRecord {
  const { asked, facts, attempts, shown, error } = closing;
  const { principal } = asked;
  const last = attempts.at(-1);
  const parent = parseTraceParent(asked.traceparent);
  const usage = last?.usage ?? {};
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
    userId: cut(facts.user),
    sessionId: cut(asked.sessionId),
    route: asked.route,
    dialect: asked.dialect.id,
    stream: facts.isStream ?? false,
    startedAtMs: asked.receivedAt.epochMs,
    endedAtMs: closing.endedAtMs,
    ttftMs: undefined,
    modelAsked: cut(facts.model),
    provider: last?.provider,
    model: last?.model,
    status: closing.status,
    errorCode: error?.code,
    errorMessage: cut(error?.message),
    usage,
    cost: sumCosts(attempts, principal.mode),
    losses: closing.losses,
    attempts,
    ...labelled({ tags: tagsOf(principal, asked.tags), limits: closing.limits }),
    ...redactedIfAsked(asked),
    request: closing.request,
    reply:
      shown === undefined
        ? undefined
        : { id: '', model: last?.model ?? '', parts: [{ kind: 'text', text: shown }], stop: 'end', usage },
  };
}
