import type { GatewayError } from '@app/protocol';
import { type Counting, findLimits, type LimitDeps } from '../admission/counting.ts';
import { awayError, limitError, refusingOf } from '../admission/limit-error.ts';
import type { AppliedLimit, Claim, Count, Hold } from '../limits/limit.ts';
import { admissionClaims } from '../limits/worst/dispatch-claims.ts';
import type { Principal } from '../ports.ts';

/** A call that was let in gives its place among those under way back once: whichever of these comes first counts. */
export type Admission =
  | {
      ok: true;
      counts: readonly Count[];
      /** The call is over. */
      release(): void;
      /** The call never began: it does not count as a request either. */
      withdraw(): void;
    }
  | {
      ok: false;
      counts: readonly Count[];
      error: GatewayError;
      limitId: string | undefined;
      limitName?: string;
    };

/**
 * Lets a call in, or says why not, by what can be known before its body is understood: requests and calls under way, of
 * everything but models. `done` runs once, before this returns where counts are in memory.
 */
export type Admit = (counting: Counting, done: (admission: Admission) => void) => void;

export function createAdmit(deps: LimitDeps): Admit {
  return (counting, done) => {
    const claims = admissionClaims(ownLimitsOf(counting.principal), findLimits(deps, counting));
    if (claims.length === 0) {
      done(UNCOUNTED);
      return;
    }
    deps.limitStore.reserve(claims, (taken) => {
      if (taken.kind === 'away') {
        done({ ok: false, counts: [], error: awayError(), limitId: undefined });
        return;
      }
      const { counts } = taken;
      if (taken.kind === 'taken') done(admitted(deps, taken.hold, counts));
      else done(refused(claims, counts));
    });
  };
}

const UNCOUNTED: Admission = { ok: true, counts: [], release: () => undefined, withdraw: () => undefined };

function admitted({ limitStore }: LimitDeps, hold: Hold, counts: readonly Count[]): Admission {
  let isHeld = true;
  const end = (used: (claim: Claim) => number): void => {
    if (!isHeld) return;
    isHeld = false;
    limitStore.settle(hold, hold.claims.map(used));
  };
  return {
    ok: true,
    counts,
    release: () => end(({ limit, amount }) => (limit.measure === 'requests' ? amount : 0)),
    withdraw: () => end(() => 0),
  };
}

function refused(claims: readonly Claim[], counts: readonly Count[]): Admission {
  const [first, ...others] = refusingOf(claims, counts);
  if (first === undefined) return { ok: false, counts, error: awayError(), limitId: undefined };
  return { ok: false, counts, ...limitError([first, ...others]) };
}

const NONE: readonly AppliedLimit[] = [];

/** The limits that a key has of itself. */
function ownLimitsOf({
  keyId,
  organizationId,
  projectId,
  requestsPerMinuteMax,
  concurrencyMax,
}: Principal): readonly AppliedLimit[] {
  if (requestsPerMinuteMax === Number.POSITIVE_INFINITY && concurrencyMax === Number.POSITIVE_INFINITY)
    return NONE;
  const scope = { kind: 'key', id: keyId } as const;
  const about = { name: '', organizationId, projectId, scope, enforcement: 'enforce', zone: 'UTC' } as const;
  const limits: AppliedLimit[] = [];
  const add = (measure: 'requests' | 'concurrency', max: number): void => {
    if (max === Number.POSITIVE_INFINITY) return;
    const period = measure === 'requests' ? 'minute' : undefined;
    const id = `${keyId}/${measure}`;
    limits.push({ limit: { ...about, id, measure, period, max: wholeOf(max) }, subject: '' });
  };
  add('requests', requestsPerMinuteMax);
  add('concurrency', concurrencyMax);
  return limits;
}

/** A number that makes no sense lets nothing in. */
function wholeOf(max: number): number {
  return Number.isFinite(max) ? Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.floor(max))) : 0;
}
