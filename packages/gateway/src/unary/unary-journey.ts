import { GatewayError } from '@app/protocol';
import type { Running } from '../asked.ts';
import type { Caller, Clock, RecordCall, Schedule, Send } from '../ports.ts';
import { openOutlet } from '../reply/outlet.ts';
import { callHeaders } from '../reply/reply-headers.ts';
import { defaultSettings, type JourneySettings } from '../settings.ts';
import type { Admit } from '../steps/admit.ts';
import { refuse } from '../steps/refuse.ts';
import { createSettle } from '../steps/settle.ts';
import type { UnaryAsked } from './unary-asked.ts';
import { createUnaryAttempt, type UnaryAttempt } from './unary-attempt.ts';
import { openUnaryLedger } from './unary-ledger.ts';
import type { UnaryInput, UnarySnapshot } from './unary-operation.ts';
import { unaryPlan } from './unary-plan.ts';
import { answerOurselves, openUnaryRelay, sendReply, type UnaryRelayInput } from './unary-relay.ts';

export type UnaryJourneyDeps = {
  snapshot: UnarySnapshot;
  /** The same as the conversations', so that one key has one set of limits. */
  admit: Admit;
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

type State = UnaryRelayInput & { attempt: UnaryAttempt | undefined; hasLeft: boolean };

/**
 * The way of what is one request and one answer and no conversation: admit → read → plan → attempt → pass on → settle.
 * The key was accepted before, as for every call.
 */
export function createUnaryJourney(given: UnaryJourneyDeps): UnaryJourney {
  const deps = { ...given, settings: { ...defaultSettings, ...given.settings } };
  return {
    start(asked, caller) {
      const admission = deps.admit(asked.principal);
      const ledger = openUnaryLedger(deps, asked);
      const state: State = {
        asked,
        ledger,
        outlet: openOutlet(caller),
        settle: createSettle({ ...deps, ledger, admission }),
        headers: callHeaders(asked, admission.rateLimit),
        attempt: undefined,
        hasLeft: false,
      };
      if (!admission.ok) return refuse(state, admission.error);
      if (!asked.input.ok) return refuse(state, asked.input.error);
      run(deps, state, asked.input.value).catch((cause: unknown) => {
        if (state.hasLeft) return;
        const unforeseen = new GatewayError('internal_error', 'The call could not be completed.', { cause });
        refuse(state, cause instanceof GatewayError ? cause : unforeseen);
      });
      return { cancel: () => leave(state) };
    },
  };
}

type Deps = UnaryJourneyDeps & { settings: JourneySettings };

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
  const attempt = createUnaryAttempt(deps, { asked, order, targets, ledger }, relay);
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
