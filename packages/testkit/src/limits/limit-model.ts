import type { Limit } from '@app/gateway';

/** What limits are, as slowly and as plainly as it can be said: the whole history, computed anew for every question. */
export type LimitModel = {
  nowMs: number;
  /** Index by `limit.id`. */
  readonly histories: ReadonlyMap<string, History>;
};

/** One amount that was put in. `until` settled, `held` is what it holds; then `used` counts. */
export type Entry = {
  server: number;
  atMs: number;
  periodStartMs: number;
  amount: number;
  floor: number;
  isHeld: boolean;
  used: number;
};

export type History = {
  limit: Limit;
  entries: Entry[] /** What settling added beyond what was held. */;
  excess: number;
};

export type ModelClaim = { limit: Limit; amount: number; floor: number };

export function createLimitModel(limits: readonly Limit[], nowMs: number): LimitModel {
  return { nowMs, histories: new Map(limits.map((limit) => [limit.id, { limit, entries: [], excess: 0 }])) };
}

/** What is used of a limit now. Buckets drain one unit at a time, so their rate must be whole per millisecond. */
export function usedOf(model: LimitModel, limit: Limit): number {
  const { entries } = historyOf(model, limit);
  if (limit.measure === 'concurrency')
    return sum(entries.filter(({ isHeld }) => isHeld).map(({ amount }) => amount));
  if (limit.period === 'day' || limit.period === 'month') {
    const startMs = periodStart(limit, model.nowMs);
    return sum(entries.filter((entry) => entry.periodStartMs === startMs).map(counted));
  }
  const perMs = limit.max / windowMsOf(limit);
  let level = 0;
  let atMs = model.nowMs;
  for (const entry of entries) {
    level = Math.max(0, level - Math.max(0, entry.atMs - atMs) * perMs);
    atMs = entry.atMs;
    level += counted(entry);
  }
  return Math.max(0, level - (model.nowMs - atMs) * perMs);
}

/** Takes all claims, whose entries it gives, or none. */
export function reserveInModel(
  model: LimitModel,
  server: number,
  claims: readonly ModelClaim[],
): Entry[] | undefined {
  const fits = claims.every(({ limit, amount }) => {
    return limit.enforcement === 'shadow' || usedOf(model, limit) + amount <= limit.max;
  });
  if (!fits) return undefined;
  return claims.map(({ limit, amount, floor }) => {
    const atMs = model.nowMs;
    const entry = {
      server,
      atMs,
      periodStartMs: periodStart(limit, atMs),
      amount,
      floor,
      isHeld: true,
      used: 0,
    };
    historyOf(model, limit).entries.push(entry);
    return entry;
  });
}

/** Less than was held is as if only that had been put in, then; more is put in now. */
export function settleInModel(
  model: LimitModel,
  settling: readonly { limit: Limit; entry: Entry; used: number }[],
): void {
  for (const { limit, entry, used } of settling) {
    if (!entry.isHeld) continue;
    entry.isHeld = false;
    if (limit.measure === 'concurrency') continue;
    const history = historyOf(model, limit);
    entry.used = Math.min(used, entry.amount);
    if (used <= entry.amount) continue;
    history.excess += used - entry.amount;
    const isBucket = limit.period === 'minute' || limit.period === 'hour';
    const late = { ...entry, used: used - entry.amount, atMs: isBucket ? model.nowMs : entry.atMs };
    history.entries.push(late);
  }
}

/**
 * A server dies and its lease runs out: what it held of days and months leaves its floor, its calls under way are none.
 * What is in buckets stays there where they are shared, and dies with a server that had its own.
 */
export function killInModel(
  model: LimitModel,
  server: number,
  { areBucketsShared }: { areBucketsShared: boolean },
): void {
  for (const history of model.histories.values()) {
    const { limit, entries } = history;
    const isBucket = limit.period === 'minute' || limit.period === 'hour';
    if (isBucket && !areBucketsShared) {
      history.entries = [];
      continue;
    }
    for (const entry of entries) {
      if (entry.server !== server || !entry.isHeld) continue;
      entry.isHeld = false;
      entry.used = isBucket ? entry.amount : entry.floor;
    }
  }
}

export function historyOf(model: LimitModel, limit: Limit): History {
  const history = model.histories.get(limit.id);
  if (history === undefined) throw new Error(`the model has no limit ${limit.id}`);
  return history;
}

function counted({ isHeld, amount, used }: Entry): number {
  return isHeld ? amount : used;
}

function windowMsOf({ period }: Limit): number {
  return period === 'hour' ? 3_600_000 : 60_000;
}

/** In UTC; 0 where there is no period. */
function periodStart({ period }: Limit, atMs: number): number {
  const at = new Date(atMs);
  if (period === 'day') return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
  return period === 'month' ? Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1) : 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
