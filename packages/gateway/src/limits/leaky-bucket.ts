/**
 * A count that drains evenly: `max` in a window. Integer level, so nothing is gained or lost by rounding; what has not yet
 * made a whole unit stays in `atMs`, which moves on only by what has drained.
 *
 * `lows` remembers how low the level has been since each amount was put in: pairs of the number of a step and the level
 * found then, both ascending. An amount that has drained already cannot be given back a second time.
 */
export type LeakyBucket = {
  level: number;
  atMs: number;
  /** What it holds, and drains in a window; 0 drains like 1. */
  max: number;
  windowMs: number;
  steps: number;
  lows: number[];
};

export function createLeakyBucket(input: { max: number; windowMs: number; nowMs: number }): LeakyBucket {
  return { level: 0, atMs: input.nowMs, max: input.max, windowMs: input.windowMs, steps: 0, lows: [] };
}

/** Lets out what has drained until `nowMs`. A clock that went back drains nothing until it has caught up. */
export function drain(bucket: LeakyBucket, nowMs: number): void {
  const elapsedMs = nowMs - bucket.atMs;
  if (!(elapsedMs > 0)) return;
  const max = Math.max(1, bucket.max);
  const drained = Math.floor((elapsedMs * max) / bucket.windowMs);
  if (drained >= bucket.level) {
    bucket.level = 0;
    bucket.atMs = nowMs;
  } else {
    bucket.level -= drained;
    bucket.atMs += (drained * bucket.windowMs) / max;
  }
}

/** Puts an amount in, after `drain`. Gives the number of this step, by which the amount is known when it is settled. */
export function fill(bucket: LeakyBucket, amount: number): number {
  noteLow(bucket);
  bucket.level = Math.min(bucket.level + amount, Number.MAX_SAFE_INTEGER);
  return bucket.steps;
}

/** Takes back what `fill` put in, in the same turn. */
export function unfill(bucket: LeakyBucket, amount: number): void {
  bucket.level = Math.max(0, bucket.level - amount);
}

/**
 * Replaces `amount`, put in at `step`, by `used`, after `drain`. The level becomes what it would be if `used` had been put
 * in then: of what is given back, as much as the level has not been below since.
 */
export function replace(bucket: LeakyBucket, step: number, { amount, used }: Replacing): void {
  if (used === amount) return;
  noteLow(bucket);
  if (used > amount) {
    bucket.level = Math.min(bucket.level + (used - amount), Number.MAX_SAFE_INTEGER);
    return;
  }
  const returned = Math.min(amount - used, lowSince(bucket, step));
  bucket.level -= returned;
  lowerSince(bucket, step, returned);
}

export type Replacing = { amount: number; used: number };

/** Pairs that are kept; beyond them two are made one, which gives back a little less than it might. */
const LOWS_MAX = 32;

/** Between two steps the level only falls, so how it is found at each is all there is to know. */
function noteLow(bucket: LeakyBucket): void {
  const { lows, level } = bucket;
  bucket.steps += 1;
  dropLastAbove(lows, level);
  lows.push(bucket.steps, level);
  if (lows.length <= 2 * LOWS_MAX) return;
  // The second pair takes the first one's lower level.
  lows[3] = lows[1] ?? 0;
  lows.splice(0, 2);
}

/** The lowest level at steps after `step`; pairs ascend, so it is the first one's. */
function lowSince({ lows, level }: LeakyBucket, step: number): number {
  const at = firstAfter(lows, step);
  return Math.min(level, lows[at + 1] ?? level);
}

/** What was given back was never there: the level has been that much lower ever since. */
function lowerSince({ lows }: LeakyBucket, step: number, by: number): void {
  const at = firstAfter(lows, step);
  for (let low = at + 1; low < lows.length; low += 2) lows[low] = Math.max(0, (lows[low] ?? 0) - by);
  const later = lows.splice(at);
  dropLastAbove(lows, later[1] ?? 0);
  lows.push(...later);
}

function firstAfter(lows: readonly number[], step: number): number {
  let at = 0;
  while (at < lows.length && (lows[at] ?? 0) <= step) at += 2;
  return at;
}

function dropLastAbove(lows: number[], level: number): void {
  while (lows.length > 0 && (lows[lows.length - 1] ?? 0) >= level) lows.length -= 2;
}
