import { GatewayError } from '@app/protocol';
import { type Counting, factsOf } from '../admission/counting.ts';
import { createReserve, type Reserve } from '../admission/reserve.ts';
import type { Running } from '../asked.ts';
import type { Count, LimitStore, TellNews } from '../limits/limit.ts';
import type { Caller, Clock, RecordCall, Schedule, Send } from '../ports.ts';
import { noteRefusal } from '../record/note-limit.ts';
import { limitHeaders } from '../reply/limit-headers.ts';
import { openOutlet } from '../reply/outlet.ts';
import { callHeaders } from '../reply/reply-headers.ts';
import { defaultSettings, type JourneySettings } from '../settings.ts';
import { type Admission, type Admit, createAdmit } from '../steps/admit.ts';
import { refuse } from '../steps/refuse.ts';
import { createSettle } from '../steps/settle.ts';
import { fieldOf } from './multipart/read-multipart.ts';
import type { UnaryAsked } from './unary-asked.ts';
import { createUnaryAttempt, type UnaryAttempt } from './unary-attempt.ts';
import { openUnaryLedger } from './unary-ledger.ts';
import type { UnaryInput, UnarySnapshot } from './unary-operation.ts';
import { unaryPlan } from './unary-plan.ts';
import { answerOurselves, openUnaryRelay, sendReply, type UnaryRelayInput } from './unary-relay.ts';

export type UnaryJourneyDeps = {
  snapshot: UnarySnapshot;
  /** The same as the conversations', so that one key has one set of limits. */
  limitStore: LimitStore;
  /** Hears what budgets did to requests. */
  tellNews?: TellNews;
  send: Send;
  record: RecordCall;
  clock: Clock;
  schedule: Schedule;
  /** 32 and 16 random hex digits. */
  newTraceId(): string;
  newSpanId(): string;
  /** Told of what should never happen, for the log. */
  onDefect?: (error: unknown) => void;
  settings?: Partial<JourneySettings>;
};

export type UnaryJourney = {
  /** Everything that happens from here on reaches the caller and the record exactly once. */
  start(asked: UnaryAsked, caller: Caller): Running;
};

type State = UnaryRelayInput & {
  readonly counting: Counting;
  admission: Admission | undefined;
  attempt: UnaryAttempt | undefined;
  hasLeft: boolean;
};

/**
 * The way of what is one request and one answer and no conversation: admit → read → plan → attempt → pass on → settle.
 * The key was accepted before, as for every call.
 */
export function createUnaryJourney(given: UnaryJourneyDeps): UnaryJourney {
  const deps: Deps = {
    ...given,
    settings: { ...defaultSettings, ...given.settings },
    admit: createAdmit(given),
    reserve: createReserve(given),
  };
  return { start: (asked, caller) => start(deps, asked, caller) };
}

type Deps = UnaryJourneyDeps & { settings: JourneySettings; admit: Admit; reserve: Reserve };

function start(deps: Deps, asked: UnaryAsked, caller: Caller): Running {
  const ledger = openUnaryLedger(deps, asked);
  const { principal, tags } = asked;
  const state: State = {
    asked,
    ledger,
    outlet: openOutlet(caller),
    settle: createSettle({ ...deps, ledger, release: () => release(state) }),
    headers: callHeaders(asked),
    counting: { principal, facts: factsOf(principal, { userId: userOf(asked), tags }) },
    admission: undefined,
    attempt: undefined,
    hasLeft: false,
  };
  deps.admit(state.counting, (admission) => onAdmitted(deps, state, admission));
  return { cancel: () => leave(state) };
}

/** Before the request is understood, whose it is stands where OpenAI's dialect has it. */
function userOf({ input }: UnaryAsked): string | undefined {
  if (!input.ok) return undefined;
  const { json, form } = input.value;
  return typeof json.user === 'string' ? json.user : fieldOf(form, 'user');
}

function onAdmitted(deps: Deps, state: State, admission: Admission): void {
  const { asked, ledger } = state;
  if (state.hasLeft) {
    if (admission.ok) admission.withdraw();
    return;
  }
  state.admission = admission;
  note(state, admission.counts);
  if (!admission.ok) {
    noteRefusal(ledger, admission);
    refuse(state, admission.error);
    return;
  }
  if (!asked.input.ok) {
    refuse(state, asked.input.error);
    return;
  }
  run(deps, state, asked.input.value).catch((cause: unknown) => {
    if (state.hasLeft) return;
    const unforeseen = new GatewayError('internal_error', 'The call could not be completed.', { cause });
    refuse(state, cause instanceof GatewayError ? cause : unforeseen);
  });
}

/** What limits say joins the headers of the reply. */
function note({ headers }: State, counts: readonly Count[]): void {
  if (counts.length > 0) Object.assign(headers, limitHeaders(counts));
}

function release({ admission }: State): void {
  if (admission?.ok === true) admission.release();
}

async function run(deps: Deps, state: State, input: UnaryInput): Promise<void> {
  const { asked, ledger, outlet } = state;
  const order = await asked.operation.read(input);
  if (state.hasLeft) return;
  if (order.kind === 'local') {
    const reply = await order.reply();
    sendReply(state, { reply });
    return;
  }
  const planned = unaryPlan({
    order,
    asked,
    snapshot: deps.snapshot,
    attemptsMax: deps.settings.attemptsMax,
  });
  ledger.note(order);
  if (!planned.ok) throw planned.error;
  const { targets, mode } = planned.value;
  const [first] = targets;
  if (first === undefined) {
    if (order.fallback !== undefined) answerOurselves(state, order.fallback);
    return;
  }
  const relay = openUnaryRelay({ ...state, order, mode });
  const onCounts = (counts: readonly Count[]): void => note(state, counts);
  const attempt = createUnaryAttempt(deps, { ...state, order, targets, onCounts }, relay);
  outlet.onFull(attempt.pause, attempt.resume);
  state.attempt = attempt;
  attempt.start();
}

/** The caller closed the connection: the provider is told to stop, and the record says what came until then. */
function leave(state: State): void {
  if (state.hasLeft) return;
  state.hasLeft = true;
  state.attempt?.cancel();
  state.outlet.drop();
  const error = new GatewayError('client_closed_request', 'The caller closed the connection.');
  state.settle({ status: error.status, error });
}
