import type { Schedule } from '@app/gateway';
import { createLeaseLedger, type LeaseLedger, type Share, type Step } from './create-lease-ledger.ts';
import { KEY_PREFIX, type LimitScripts } from './limit-scripts.ts';
import type { RedisConnection, ScriptReply } from './open-redis-connection.ts';
import type { WireClaim } from './wire-claim.ts';

export type LeaseDeps = {
  connection: RedisConnection;
  schedule: Schedule;
  scripts: LimitScripts;
  /** A name that no other lease ever had. */
  newLeaseId: () => string;
  leaseMs: number;
  renewMs: number;
  /** How often it is tried to come back. */
  retryMs: number;
  onAway: () => void;
  onBack: () => void;
};

/** What a server holds in Redis, and that it lives. */
export type Lease = {
  /** Undefined while the counters are away. */
  current(): string | undefined;
  /** Runs one step under the lease; steps are numbered, so that it is known after a lost connection which were done. */
  run(name: 'reserve' | 'settle', step: Step, done: (reply: ScriptReply | Error) => void): void;
  hold(wires: readonly WireClaim[]): void;
  drop(wires: readonly WireClaim[]): void;
  /** What was settled while the counters are away; said once they are back. */
  charge(wires: readonly WireClaim[], used: readonly number[]): void;
  /** The counters did not answer, or not in time. */
  goAway(): void;
  /** The lease ran out: another is taken, and what is held is said anew. `then` runs when there is one again. */
  renew(then: () => void): void;
  /** A step may have left something under an earlier lease: the next one drops it. */
  doubt(wires: readonly WireClaim[]): void;
  close(): void;
};

/** Keys of one message: more of them would keep others waiting. */
const KEYS_MAX = 200;
const WAITING_MAX = 10_000;

/** Takes a lease on every new connection and keeps it alive. */
export function openLease(deps: LeaseDeps): Lease {
  const { connection, scripts } = deps;
  const ledger = createLeaseLedger();
  const state = createLeaseState();
  const { goAway, take, waiting } = openTaking(deps, state, ledger);
  return {
    current: () => state.current,
    run(name, step, done) {
      const seq = nextSeq(state);
      const keys = step.wires.map(({ key }) => key);
      const args = [state.current ?? '', String(seq), ...step.args];
      connection.run(scripts[name], { keys, args }, (reply) => {
        if (reply instanceof Error) {
          ledger.doubt(seq, step);
          goAway();
        }
        done(reply);
      });
    },
    hold: ledger.hold,
    drop: ledger.drop,
    charge: ledger.charge,
    goAway,
    renew(then) {
      if (waiting.length < WAITING_MAX) waiting.push(then);
      take();
    },
    doubt: (wires) => ledger.doubt(nextSeq(state), { wires, args: [] }),
    close() {
      state.cancelTick();
      endLease(deps, state);
    },
  };
}

type Taking = { goAway: () => void; take: () => void; waiting: (() => void)[] };

function openTaking(deps: LeaseDeps, state: LeaseState, ledger: LeaseLedger): Taking {
  const { connection, onAway, onBack } = deps;
  const waiting: (() => void)[] = [];
  const goAway = (): void => {
    state.current = undefined;
    if (!state.isAway && !state.isClosed) {
      state.isAway = true;
      onAway();
    }
    again(deps.retryMs);
  };
  const take = (): void => {
    if (state.isClosed || state.isTaking || !connection.isReady()) return;
    state.current = undefined;
    state.isTaking = true;
    findDoneSeq(deps, state.last, (doneSeq) => {
      state.isTaking = false;
      if (doneSeq !== undefined && !state.isClosed) register(doneSeq);
    });
  };
  const register = (doneSeq: number): void => {
    const old = state.last;
    const fresh = deps.newLeaseId();
    state.current = fresh;
    state.last = fresh;
    sayShares({ ...deps, fresh, old, shares: ledger.takeShares(doneSeq) }, (failed) => {
      if (failed !== undefined) {
        // Not heard for sure, so it is said again: too much is charged rather than too little.
        ledger.chargeAgain(failed);
        goAway();
      } else if (state.isAway && state.current === fresh) {
        state.isAway = false;
        onBack();
      }
    });
    again(deps.renewMs);
    for (const run of waiting.splice(0)) run();
  };
  const tick = (): void => {
    again(state.current === undefined ? deps.retryMs : deps.renewMs);
    if (state.current === undefined) take();
    else keepAlive(deps, state.current, { onGone: take, onError: goAway });
  };
  const again = (delayMs: number): void => {
    state.cancelTick();
    if (!state.isClosed) state.cancelTick = deps.schedule(delayMs, tick);
  };
  connection.onReady(take);
  connection.onLost(() => {
    state.isTaking = false;
    goAway();
  });
  again(deps.retryMs);
  return { goAway, take, waiting };
}

type LeaseState = {
  current: string | undefined;
  /** The lease that was current last, which may still be alive in Redis. */
  last: string;
  seq: number;
  isAway: boolean;
  isTaking: boolean;
  isClosed: boolean;
  cancelTick: () => void;
};

function createLeaseState(): LeaseState {
  const none = () => undefined;
  return {
    current: undefined,
    last: '',
    seq: 0,
    isAway: false,
    isTaking: false,
    isClosed: false,
    cancelTick: none,
  };
}

function nextSeq(state: LeaseState): number {
  state.seq += 1;
  return state.seq;
}

/** The last step that an earlier lease did, -1 when it is gone. All that was sent before has been answered by then. */
function findDoneSeq({ connection, scripts }: LeaseDeps, lease: string, done: (seq?: number) => void): void {
  for (const { text } of Object.values(scripts)) connection.send(['SCRIPT', 'LOAD', text], () => undefined);
  connection.send(['GET', aliveKey(lease)], (reply) => {
    if (reply instanceof Error) done();
    else done(reply === null ? -1 : Number(reply));
  });
}

function endLease({ connection }: LeaseDeps, state: LeaseState): void {
  state.isClosed = true;
  if (state.current !== undefined) connection.send(['DEL', aliveKey(state.current)], () => undefined);
  state.current = undefined;
}

function aliveKey(lease: string): string {
  return `${KEY_PREFIX}alive:${lease}`;
}

type Saying = Pick<LeaseDeps, 'connection' | 'scripts' | 'leaseMs'> & {
  fresh: string;
  old: string;
  shares: readonly (readonly [string, Share])[];
};

/** All of it is sent in this turn, so what is sent after it finds all of it said. */
function sayShares(
  { connection, scripts, leaseMs, fresh, old, shares }: Saying,
  done: (failed: readonly (readonly [string, Share])[] | undefined) => void,
): void {
  for (let from = 0; from === 0 || from < shares.length; from += KEYS_MAX) {
    const isLast = from + KEYS_MAX >= shares.length;
    const part = shares.slice(from, from + KEYS_MAX);
    const args = [fresh, old, String(leaseMs), isLast ? 'last' : 'more', ...part.flatMap(shareArgs)];
    connection.run(scripts.register, { keys: part.map(([key]) => key), args }, (reply) => {
      if (reply instanceof Error) done(part);
      else if (isLast) done(undefined);
    });
  }
}

function shareArgs([, { kind, amount, floor, charged, until }]: readonly [string, Share]): string[] {
  return [kind, ...[amount, floor, charged, until].map(String)];
}

function keepAlive(
  { connection, leaseMs }: LeaseDeps,
  lease: string,
  { onGone, onError }: { onGone: () => void; onError: () => void },
): void {
  connection.send(['PEXPIRE', aliveKey(lease), String(leaseMs)], (reply) => {
    if (reply instanceof Error) onError();
    else if (reply === 0) onGone();
  });
}
