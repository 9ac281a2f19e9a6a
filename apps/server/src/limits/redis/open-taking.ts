import type { LeaseLedger, Share } from './create-lease-ledger.ts';
import { callRoll, findData, keepData } from './enter-data.ts';
import { KEY_PREFIX } from './limit-scripts.ts';
import type { LeaseDeps } from './open-lease.ts';
import { sayShares } from './say-shares.ts';
import { calendarKey } from './wire-claim.ts';

export type Taking = { goAway: () => void; take: () => void; waiting: (() => void)[] };

/** Takes a lease on every new connection, and another when one ran out; keeps it alive. */
export function openTaking(deps: LeaseDeps, state: LeaseState, ledger: LeaseLedger): Taking {
  const { connection, onAway } = deps;
  const waiting: (() => void)[] = [];
  const goAway = (): void => {
    // While a lease is taken, what is settled is said under it or found by the next one.
    if (!state.isTaking) state.current = undefined;
    state.isOpen = false;
    noteUnwritten(deps, state);
    if (!state.isAway && !state.isClosed) {
      state.isAway = true;
      onAway();
    }
    if (!state.isTaking) again(deps.retryMs);
  };
  const open = (): void => {
    state.isTaking = false;
    state.isOpen = true;
    state.unwritten = undefined;
    again(deps.renewMs);
    for (const run of waiting.splice(0)) run();
  };
  const back = (): void => {
    if (!state.isAway || !state.isOpen) return;
    state.isAway = false;
    deps.onBack();
  };
  const fail = (): void => {
    state.isTaking = false;
    state.takings += 1;
    goAway();
  };
  const entering = { deps, state, ledger, open, back, fail };
  const take = (): void => {
    if (state.isClosed || state.isTaking || !connection.isReady()) return;
    state.current = undefined;
    state.isOpen = false;
    state.isTaking = true;
    state.takings += 1;
    const isOver = overOf(state);
    findStart(deps, state.last, (start) => {
      if (isOver()) return;
      if (start === undefined) fail();
      else if (start.dataId !== state.dataId) enterData(entering, start.dataId).catch(fail);
      else {
        register(entering, ledger.takeShares(start.doneSeq));
        open();
      }
    });
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
  connection.onLost(fail);
  again(deps.retryMs);
  return { goAway, take, waiting };
}

type Entering = {
  deps: LeaseDeps;
  state: LeaseState;
  ledger: LeaseLedger;
  open: () => void;
  /** What was said was heard. */
  back: () => void;
  fail: () => void;
};

/**
 * Redis has lost its data, or this server begins. What it settled so far becomes durable before anybody asks what was, so
 * none of it is said; unless others have asked already.
 */
async function enterData(entering: Entering, id: string): Promise<void> {
  const { deps, state, ledger, open, back, fail } = entering;
  const isOver = overOf(state);
  const unwritten = noteUnwritten(deps, state);
  const charges = ledger.takeCharges();
  const isDurable = await deps.fleet.flush().catch(() => false);
  if (isOver() || !isDurable) {
    ledger.chargeAgain(charges);
    if (!isOver()) fail();
    return;
  }
  state.dataId = id;
  // What is held there is said before others can see that this server has come.
  register(entering, ledger.takeShares(Number.POSITIVE_INFINITY));
  await callRoll(deps, {
    ...{ id, isOver, onGone: fail },
    onLate() {
      ledger.chargeAgain(unwritten);
      ledger.chargeAgain(charges);
      register(entering, ledger.takeShares(Number.POSITIVE_INFINITY));
    },
    onOpen() {
      open();
      back();
      deps.onNewData(ledger.listHeld());
    },
  });
}

/** Says under a new lease what is held, and what was settled and not heard. */
function register(
  { deps, state, ledger, back, fail }: Entering,
  shares: readonly (readonly [string, Share])[],
): void {
  const old = state.last;
  const fresh = deps.newLeaseId();
  state.current = fresh;
  state.last = fresh;
  const { dataId } = state;
  sayShares({ ...deps, fresh, old, shares, dataId }, (failed) => {
    if (failed === undefined) {
      back();
      return;
    }
    // Not heard for sure, so it is said again: too much is charged rather than too little.
    ledger.chargeAgain(failed);
    fail();
  });
}

/** What may not be durable when the counters are last known to have had it. */
function noteUnwritten({ fleet }: LeaseDeps, state: LeaseState): readonly (readonly [string, Share])[] {
  state.unwritten ??= fleet.listUnwritten().flatMap(({ used, ...name }) => {
    const share: Share = { kind: 'c', amount: 0, floor: 0, charged: used, until: 0 };
    return used > 0 ? [[calendarKey(name), share] as const] : [];
  });
  return state.unwritten;
}

/** Whether the taking that is under way now was given up since. */
function overOf(state: LeaseState): () => boolean {
  const { takings } = state;
  return () => state.isClosed || state.takings !== takings;
}

export type LeaseState = {
  current: string | undefined;
  /** The lease that was current last, which may still be alive in Redis. */
  last: string;
  /** Of the data that the last lease is in. */
  dataId: string;
  seq: number;
  isOpen: boolean;
  /** How often a lease was begun to be taken. */
  takings: number;
  /** Taken when the counters went away; said where they went on without this server. */
  unwritten: readonly (readonly [string, Share])[] | undefined;
  isAway: boolean;
  isTaking: boolean;
  isClosed: boolean;
  cancelTick: () => void;
};

/** Before the first lease. */
export function createLeaseState(): LeaseState {
  const none = () => undefined;
  return {
    current: undefined,
    last: '',
    dataId: '',
    seq: 0,
    isOpen: false,
    takings: 0,
    unwritten: undefined,
    isAway: false,
    isTaking: false,
    isClosed: false,
    cancelTick: none,
  };
}

/**
 * Which data is there, and the last step that an earlier lease did in it, -1 when that is gone. All that was sent before has
 * been answered by then.
 */
function findStart(
  deps: LeaseDeps,
  lease: string,
  done: (start?: { dataId: string; doneSeq: number }) => void,
): void {
  const { connection, scripts } = deps;
  for (const { text } of Object.values(scripts)) connection.send(['SCRIPT', 'LOAD', text], () => undefined);
  findData(deps, (dataId) => {
    if (dataId === undefined) done();
    else
      connection.send(['GET', aliveKey(lease)], (reply) => {
        if (reply instanceof Error) done();
        else done({ dataId, doneSeq: reply === null ? -1 : Number(reply) });
      });
  });
}

/** What a server keeps while it lives, by its lease. */
export function aliveKey(lease: string): string {
  return `${KEY_PREFIX}alive:${lease}`;
}

function keepAlive(
  { connection, leaseMs }: LeaseDeps,
  lease: string,
  { onGone, onError }: { onGone: () => void; onError: () => void },
): void {
  keepData({ connection });
  connection.send(['PEXPIRE', aliveKey(lease), String(leaseMs)], (reply) => {
    if (reply instanceof Error) onError();
    else if (reply === 0) onGone();
  });
}
