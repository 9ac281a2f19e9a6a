import { createLeaseLedger, type Step } from './create-lease-ledger.ts';
import type { DataDeps } from './enter-data.ts';
import type { ScriptReply } from './open-redis-connection.ts';
import { aliveKey, createLeaseState, type LeaseState, openTaking } from './open-taking.ts';
import { keyIn, type WireClaim } from './wire-claim.ts';

export type LeaseDeps = DataDeps & {
  /** A name that no other lease ever had. */
  newLeaseId: () => string;
  leaseMs: number;
  renewMs: number;
  /** How often it is tried to come back. */
  retryMs: number;
  onAway: () => void;
  onBack: () => void;
  /** The data in Redis is new, and these claims are held on counts that it does not have. */
  onNewData: (held: readonly WireClaim[]) => void;
};

/** What a server holds in Redis, and that it lives. */
export type Lease = {
  /** Undefined while nothing can be said to the counters. */
  current(): string | undefined;
  /** Whether counts are to be believed; not before all servers are at work on data that is new. */
  isOpen(): boolean;
  /** Where a count is in Redis now. */
  keyOf(key: string): string;
  /** Runs one step under the lease; steps are numbered, so that it is known after a lost connection which were done. */
  run(name: 'reserve' | 'settle', step: Step, done: (reply: ScriptReply | Error) => void): void;
  hold(wires: readonly WireClaim[]): void;
  drop(wires: readonly WireClaim[]): void;
  /** What is held of one count. */
  heldOf(key: string): number;
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

const WAITING_MAX = 10_000;

/** Takes a lease on every new connection and keeps it alive. */
export function openLease(deps: LeaseDeps): Lease {
  const { connection, scripts } = deps;
  const ledger = createLeaseLedger();
  const state = createLeaseState();
  const { goAway, take, waiting } = openTaking(deps, state, ledger);
  return {
    current: () => state.current,
    isOpen: () => state.isOpen,
    keyOf: (key) => keyIn(state.dataId, key),
    run(name, step, done) {
      const seq = nextSeq(state);
      const keys = step.wires.map(({ key }) => keyIn(state.dataId, key));
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
    heldOf: ledger.heldOf,
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

function nextSeq(state: LeaseState): number {
  state.seq += 1;
  return state.seq;
}

function endLease({ connection }: LeaseDeps, state: LeaseState): void {
  state.isClosed = true;
  if (state.current !== undefined) connection.send(['DEL', aliveKey(state.current)], () => undefined);
  state.current = undefined;
  state.isOpen = false;
}
