import type { Claim, Count, Hold, LimitStore, Taken } from '@app/gateway';
import type { ScriptReply } from './open-redis-connection.ts';
import { readTaking } from './read-script-reply.ts';
import type { SharedCounting, SharedHold } from './shared-counting.ts';
import {
  journalClaimOf,
  listJournalClaims,
  readCount,
  reserveArgs,
  settleArgs,
  type WireClaim,
  writeClaim,
} from './wire-claim.ts';

/** Takes claims in Redis, or as the operator chose while Redis is away. */
export function createSharedReserve(counting: SharedCounting): LimitStore['reserve'] {
  const { lease, findPeriod, redisTime, deadlineMs } = counting;
  const createHold = createHolds(counting);
  const write = (claims: readonly Claim[]): WireClaim[] =>
    claims.map((claim) => writeClaim(claim, findPeriod, redisTime.nowMs()));
  const ask = (asking: Asking): void => {
    const sentUnder = lease.current();
    if (sentUnder === undefined || !lease.isOpen()) {
      asking.giveUp();
      return;
    }
    const wires = write(asking.claims);
    const args = wires.flatMap((wire) => reserveArgs(wire, asking.seeds.get(wire.key)));
    lease.run('reserve', { wires, args }, (reply) => {
      if (reply instanceof Error) asking.giveUp();
      else if (!asking.isWaiting()) release(counting, { wires, reply, sentUnder });
      else if (reply[0] === 'taken' || reply[0] === 'refused') {
        asking.finish(readTaken(counting, { wires, reply, createHold }));
      } else mend(asking, wires, reply);
    });
  };
  /** What keeps the script from counting is put right, and it is asked again. */
  const mend = (asking: Asking, wires: readonly WireClaim[], reply: ScriptReply): void => {
    asking.tries += 1;
    if (asking.tries > TRIES_MAX) asking.giveUp();
    else if (reply[0] === 'missing') seed(asking, missingOf(wires, reply));
    else if (reply[0] === 'lease') lease.renew(() => ask(asking));
    else {
      redisTime.heard(Number(reply[1]));
      ask(asking);
    }
  };
  const seed = (asking: Asking, missing: readonly Missing[]): void => {
    asking.waitFor(SEEDING_MS);
    const put = (spent: readonly number[]): void => {
      for (const [at, { wire, late }] of missing.entries()) {
        asking.seeds.set(wire.key, Math.max(0, seedOf(spent[at]) - late));
      }
      if (asking.isWaiting()) ask(asking);
    };
    counting.findSpent(missing.map(({ wire }) => journalClaimOf(wire))).then(put, () => asking.giveUp());
  };
  return (claims, done) => {
    const asking = createAsking(counting, claims, {
      done,
      reserveAway: () => reserveAway(counting, { wires: write(claims), createHold, done }),
    });
    if (!lease.isOpen()) {
      asking.giveUp();
      return;
    }
    asking.waitFor(deadlineMs);
    ask(asking);
  };
}

/** Seeds, a new lease, a period that ended meanwhile: more than one of each in one call is a fault. */
const TRIES_MAX = 4;
const SEEDING_MS = 1_000;

type CreateHold = (wires: readonly WireClaim[], local?: Hold) => SharedHold;

/** One call to `reserve`, which is answered once. */
type Asking = {
  readonly claims: readonly Claim[];
  readonly seeds: Map<string, number>;
  tries: number;
  isWaiting(): boolean;
  finish(taken: Taken): void;
  /** The counters are away, as far as this call goes. */
  giveUp(): void;
  /** From now on it may take so long. */
  waitFor(waitMs: number): void;
};

function createAsking(
  { schedule, lease }: SharedCounting,
  claims: readonly Claim[],
  { done, reserveAway }: { done: (taken: Taken) => void; reserveAway: () => void },
): Asking {
  let cancel = (): void => undefined;
  let isWaiting = true;
  const answer = (run: () => void): void => {
    if (!isWaiting) return;
    isWaiting = false;
    cancel();
    run();
  };
  const giveUp = (): void => answer(reserveAway);
  return {
    claims,
    seeds: new Map(),
    tries: 0,
    isWaiting: () => isWaiting,
    finish: (taken) => answer(() => done(taken)),
    giveUp,
    waitFor(waitMs) {
      cancel();
      cancel = schedule(waitMs, () => {
        // Where it is this process that is late, the answer may be here already, and is read before the next timer runs.
        cancel = schedule(0, () => {
          lease.goAway();
          giveUp();
        });
      });
    },
  };
}

function createHolds({ lease, journal }: SharedCounting): CreateHold {
  let holds = 0;
  return (wires, local) => {
    holds += 1;
    const journaled = listJournalClaims(wires);
    if (journaled.length > 0) journal?.reserved(holds, journaled);
    if (local === undefined) lease.hold(wires);
    return {
      claims: wires.map(({ claim }) => claim),
      owner: lease,
      wires,
      id: holds,
      isSettled: false,
      local,
    };
  };
}

type Answered = { wires: readonly WireClaim[]; reply: ScriptReply; createHold: CreateHold };

function readTaken({ redisTime, away, news }: SharedCounting, { wires, reply, createHold }: Answered): Taken {
  const { isTaken, nowMs, numbers } = readTaking(reply);
  redisTime.heard(nowMs);
  const counts: Count[] = [];
  for (const [at, wire] of wires.entries()) {
    const count = numbers[at] ?? NOTHING;
    wire.step = count.step;
    counts.push(readCount(wire, count, { nowMs, isTaken }));
    if (wire.kind === 'c') away.note(journalClaimOf(wire), count.spent);
    if (isTaken) news.taken(wire, count);
    else if (count.isExceeded) news.refused(wire, count);
  }
  return isTaken ? { kind: 'taken', hold: createHold(wires), counts } : { kind: 'refused', counts };
}

const NOTHING = { isExceeded: true, used: 0, spent: 0, step: 0 };

/** The answer came when nobody waited any more: what it took is given back. */
function release(
  { lease }: SharedCounting,
  late: { wires: readonly WireClaim[]; reply: ScriptReply; sentUnder: string },
): void {
  const { wires, reply, sentUnder } = late;
  if (reply[0] !== 'taken') return;
  if (lease.current() !== sentUnder) {
    lease.doubt(wires);
    return;
  }
  for (const [at, { step }] of readTaking(reply).numbers.entries()) {
    const wire = wires[at];
    if (wire !== undefined) wire.step = step;
  }
  const args = wires.flatMap((wire) => settleArgs(wire, 0));
  lease.run('settle', { wires, args, used: wires.map(() => 0) }, () => undefined);
}

function reserveAway(
  { away, whenAway }: SharedCounting,
  asked: { wires: readonly WireClaim[]; createHold: CreateHold; done: (taken: Taken) => void },
): void {
  const { wires, createHold, done } = asked;
  if (whenAway === 'closed') {
    done({ kind: 'away' });
    return;
  }
  away.reserveSeeded(wires, (taken) => {
    if (taken.kind !== 'taken') done(taken);
    else done({ kind: 'taken', hold: createHold(wires, taken.hold), counts: taken.counts });
  });
}

/**
 * A count that Redis does not have. `late` is what this server settled on it there all the same: it is in the durable
 * total that is asked for now, so the script, which adds all that is late, is given that much less. What others settled
 * may be in both: rather too much is charged than too little.
 */
type Missing = { wire: WireClaim; late: number };

/** The answer is pairs: the position of a claim, and what is late of its count. */
function missingOf(wires: readonly WireClaim[], reply: ScriptReply): Missing[] {
  return wires.flatMap((wire, position) => {
    const at = reply.findIndex((value, index) => index % 2 === 1 && value === String(position));
    return at < 0 ? [] : [{ wire, late: Number(reply[at + 1]) }];
  });
}

/** A total that is no number is none. */
function seedOf(spent: number | undefined): number {
  return spent !== undefined && spent > 0 ? Math.min(Math.ceil(spent), Number.MAX_SAFE_INTEGER) : 0;
}
