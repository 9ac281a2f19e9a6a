import { type Call, GatewayError } from '@app/protocol';
import { type Counting, factsOf } from './admission/counting.ts';
import { createReserve, type Reserve } from './admission/reserve.ts';
import type { Asked, Running } from './asked.ts';
import type { Count, LimitStore, TellNews } from './limits/limit.ts';
import { createMemoryLimits } from './limits/memory/create-memory-limits.ts';
import type { Outcome } from './outcome.ts';
import type { Caller, Clock, Principal, RecordCall, RecordSoon, Schedule, Send, Snapshot } from './ports.ts';
import { type Ledger, openLedger } from './record/ledger.ts';
import { noteRefusal } from './record/note-limit.ts';
import { limitHeaders } from './reply/limit-headers.ts';
import { type Outlet, openOutlet } from './reply/outlet.ts';
import { callHeaders } from './reply/reply-headers.ts';
import { defaultSettings, type JourneySettings } from './settings.ts';
import { type Admission, type Admit, createAdmit } from './steps/admit.ts';
import { type Attempt, createAttempt } from './steps/attempt.ts';
import { createAuthenticate } from './steps/authenticate.ts';
import { guard } from './steps/guard.ts';
import { plan, replan } from './steps/plan.ts';
import { readCall } from './steps/read-call.ts';
import { type Answer, refuse } from './steps/refuse.ts';
import { openRelay, type Relay } from './steps/relay.ts';
import { createSettle } from './steps/settle.ts';

export type JourneyDeps = {
  snapshot: Snapshot;
  /** HMAC-SHA-256 of a presented key under the installation's pepper, in base64url. */
  digest: (secretText: string) => string;
  send: Send;
  record: RecordCall;
  /** Taken where it is given; the last frame of a reply then waits for it. */
  recordSoon?: RecordSoon;
  clock: Clock;
  schedule: Schedule;
  /** 32 and 16 random hex digits. */
  newTraceId(): string;
  newSpanId(): string;
  /** Told of what should never happen, for the log. The call it happened in is ended and recorded all the same. */
  onDefect?: (error: unknown) => void;
  settings?: Partial<JourneySettings>;
  /** Shared with what else counts against the same limits; in this process and for itself alone when absent. */
  limitStore?: LimitStore;
  /** Hears what budgets did to calls. */
  tellNews?: TellNews;
};

export type Journey = {
  /**
   * Step 3, which the edge takes first: from headers alone, so that a stranger's body is never read. `ip` is the
   * caller's address; undefined where it was looked at before.
   */
  authenticate(secretText: string | undefined, ip: string | undefined): Outcome<Principal>;
  /** All other steps. Everything that happens from here on reaches the caller and the record exactly once. */
  start(asked: Asked, caller: Caller): Running;
};

/**
 * A call's ten steps: receive (the edge made `asked` and `caller`) → read → authenticate → admit → guard → plan →
 * recall (no reply is ever stored, so there is none to recall) → attempt → relay → settle.
 */
export function createJourney(given: JourneyDeps): Journey {
  const limitStore = given.limitStore ?? createMemoryLimits(given);
  const limitDeps = { snapshot: given.snapshot, limitStore };
  const deps: Deps = {
    ...given,
    settings: { ...defaultSettings, ...given.settings },
    admit: createAdmit(limitDeps),
    reserve: createReserve(limitDeps),
  };
  const authenticate = createAuthenticate(deps);
  return {
    authenticate: (secretText, ip) => authenticate(secretText, { permission: 'inference:call', ip }),
    start: (asked, caller) => start(deps, asked, caller),
  };
}

type Deps = JourneyDeps & { settings: JourneySettings; admit: Admit; reserve: Reserve };

/** One call on its way. */
type State = Answer & {
  readonly ledger: Ledger;
  readonly counting: Counting;
  admission: Admission | undefined;
  way: { relay: Relay; attempt: Attempt } | undefined;
  hasLeft: boolean;
};

function start(deps: Deps, asked: Asked, caller: Caller): Running {
  const read = readCall(asked);
  const call = read.ok ? read.value : undefined;
  const ledger = openLedger(deps, asked, call);
  const outlet = openOutlet(caller);
  const { principal, tags } = asked;
  const state: State = {
    asked,
    outlet,
    headers: callHeaders(asked),
    settle: createSettle({
      ...deps,
      record: recordInto(deps, outlet),
      ledger,
      release: () => release(state),
    }),
    ledger,
    counting: { principal, facts: factsOf(principal, { userId: asked.userId ?? call?.user, tags }) },
    admission: undefined,
    way: undefined,
    hasLeft: false,
  };
  deps.admit(state.counting, (admission) => {
    try {
      onAdmitted(deps, state, { admission, read });
    } catch (error) {
      refuse(state, new GatewayError('internal_error', 'The call could not be completed.', { cause: error }));
    }
  });
  return { cancel: () => leave(state) };
}

type Admitted = { admission: Admission; read: Outcome<Call> };

function onAdmitted(deps: Deps, state: State, { admission, read }: Admitted): void {
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
  const guarded = read.ok ? guard(asked.principal, read.value) : read;
  if (!guarded.ok) {
    refuse(state, guarded.error);
    return;
  }
  const call = guarded.value;
  const planning = { asked, snapshot: deps.snapshot, attemptsMax: deps.settings.attemptsMax };
  const planned = plan({ ...planning, call });
  if (!planned.ok) {
    refuse(state, planned.error);
    return;
  }
  const { targets, mode } = planned.value;
  const relay = openRelay({ ...deps, ...state, call, mode });
  const reroute = (model: string) => replan(planning, model);
  const onCounts = (counts: readonly Count[]): void => note(state, counts);
  const attempt = createAttempt(deps, { ...state, call, targets, reroute, onCounts }, relay);
  state.way = { relay, attempt };
  state.outlet.onFull(attempt.pause, attempt.resume);
  attempt.start();
}

/** What limits say joins the headers of the reply. */
function note({ headers }: State, counts: readonly Count[]): void {
  if (counts.length > 0) Object.assign(headers, limitHeaders(counts));
}

function release({ admission }: State): void {
  if (admission?.ok === true) admission.release();
}

/** Nothing that follows a record leaves before it is in the kernel's hands. */
function recordInto({ record, recordSoon }: JourneyDeps, outlet: Outlet): RecordCall {
  if (recordSoon === undefined) return record;
  return (call) => {
    outlet.hold();
    recordSoon(call, outlet.release);
  };
}

/** The caller closed the connection: the provider is told to stop, and the record says what came until then. */
function leave(state: State): void {
  state.hasLeft = true;
  state.way?.attempt.cancel();
  state.way?.relay.drop();
  state.outlet.drop();
  const error = new GatewayError('client_closed_request', 'The caller closed the connection.');
  state.settle({ status: error.status, error });
}
