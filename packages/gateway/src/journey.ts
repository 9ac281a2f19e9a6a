import { GatewayError } from '@app/protocol';
import type { Asked, Running } from './asked.ts';
import { openAdmission } from './limits/open-admission.ts';
import type { Outcome } from './outcome.ts';
import type { Caller, Clock, Principal, RecordCall, RecordSoon, Schedule, Send, Snapshot } from './ports.ts';
import { openLedger } from './record/ledger.ts';
import { type Outlet, openOutlet } from './reply/outlet.ts';
import { callHeaders } from './reply/reply-headers.ts';
import { defaultSettings, type JourneySettings } from './settings.ts';
import type { Admit } from './steps/admit.ts';
import { type Attempt, createAttempt } from './steps/attempt.ts';
import { createAuthenticate } from './steps/authenticate.ts';
import { guard } from './steps/guard.ts';
import { plan } from './steps/plan.ts';
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
  /** Shared with what else counts against the same limits; one of its own when absent. */
  admit?: Admit;
};

export type Journey = {
  /** Step 3, which the edge takes first: from headers alone, so that a stranger's body is never read. */
  authenticate(secretText: string | undefined): Outcome<Principal>;
  /** All other steps. Everything that happens from here on reaches the caller and the record exactly once. */
  start(asked: Asked, caller: Caller): Running;
};

/**
 * A call's ten steps: receive (the edge made `asked` and `caller`) → read → authenticate → admit → guard → plan →
 * recall (no reply is ever stored, so there is none to recall) → attempt → relay → settle.
 */
export function createJourney(deps: JourneyDeps): Journey {
  const settings = { ...defaultSettings, ...deps.settings };
  const authenticate = createAuthenticate(deps);
  const admit = deps.admit ?? openAdmission(deps.clock);

  return {
    authenticate: (secretText) => authenticate(secretText, 'inference:call'),

    start(asked, caller) {
      const read = readCall(asked);
      const admission = admit(asked.principal);
      const ledger = openLedger({ ...deps, settings }, asked, read.ok ? read.value : undefined);
      const outlet = openOutlet(caller);
      const settle = createSettle({ ...deps, record: recordInto(deps, outlet), ledger, admission });
      const answer: Answer = { asked, outlet, settle, headers: callHeaders(asked, admission.rateLimit) };
      try {
        if (!admission.ok) return refuse(answer, admission.error);
        if (!read.ok) return refuse(answer, read.error);
        const guarded = guard(asked.principal, read.value);
        if (!guarded.ok) return refuse(answer, guarded.error);
        const call = guarded.value;
        const planned = plan({ call, asked, snapshot: deps.snapshot, attemptsMax: settings.attemptsMax });
        if (!planned.ok) return refuse(answer, planned.error);

        const { targets, mode } = planned.value;
        const relay = openRelay({ ...deps, ...answer, settings, ledger, call, mode });
        const attempt = createAttempt({ ...deps, settings }, { asked, call, targets, ledger }, relay);
        outlet.onFull(attempt.pause, attempt.resume);
        attempt.start();
        return { cancel: () => leave(answer, relay, attempt) };
      } catch (error) {
        return refuse(
          answer,
          new GatewayError('internal_error', 'The call could not be completed.', { cause: error }),
        );
      }
    },
  };
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
function leave({ outlet, settle }: Answer, relay: Relay, attempt: Attempt): void {
  attempt.cancel();
  relay.drop();
  outlet.drop();
  const error = new GatewayError('client_closed_request', 'The caller closed the connection.');
  settle({ status: error.status, error });
}
