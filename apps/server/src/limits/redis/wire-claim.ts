import {
  boundOf,
  type Claim,
  type Count,
  type CountName,
  type FindPeriod,
  type JournalClaim,
  safeClaim,
  safeFloor,
  windowOf,
} from '@app/gateway';
import { KEY_PREFIX } from './limit-scripts.ts';

/** A claim as the scripts know it. */
export type WireClaim = {
  claim: Claim;
  /** A bucket, a calendar period, or places of calls under way. */
  kind: 'b' | 'c' | 'p';
  /** Of the count, whichever data of Redis it is in. */
  key: string;
  amount: number;
  floor: number;
  max: number;
  /** Epoch milliseconds; 0 where there is no period. */
  startMs: number;
  /** The period's end in epoch milliseconds, or a bucket's window. */
  until: number;
  /** Which of a bucket's steps took it; known once it was taken. */
  step: number;
};

export function writeClaim(claim: Claim, findPeriod: FindPeriod, nowMs: number): WireClaim {
  const { limit, subject } = claim;
  const amount = safeClaim(claim.amount);
  const floor = safeFloor(claim.floor, amount);
  const own = { claim, amount, floor, step: 0 };
  if (limit.measure === 'concurrency') {
    const key = `p:${limit.id}:${subject}`;
    return { ...own, kind: 'p', key, floor: 0, max: boundOf(limit, subject), startMs: 0, until: 0 };
  }
  const windowMs = windowOf(limit);
  if (windowMs !== undefined) {
    const key = `b:${limit.id}:${subject}`;
    return { ...own, kind: 'b', key, max: boundOf(limit, subject), startMs: 0, until: windowMs };
  }
  const { startMs, endMs } = findPeriod(limit.period === 'day' ? 'day' : 'month', limit.zone, nowMs);
  const key = calendarKey({ limitId: limit.id, subject, periodStartMs: startMs });
  return { ...own, kind: 'c', key, max: boundOf(limit, subject, startMs), startMs, until: endMs };
}

export function calendarKey({ limitId, subject, periodStartMs }: CountName): string {
  return `c:${limitId}:${periodStartMs}:${subject}`;
}

/** A count's key in Redis. Data that is new has keys of its own, so nothing that outlived a loss is believed. */
export function keyIn(epoch: string, key: string): string {
  return `${KEY_PREFIX}${epoch}:${key}`;
}

/** The arguments of `reserve` for one claim. */
export function reserveArgs(wire: WireClaim, seed: number | undefined): string[] {
  const { kind, amount, floor, max, startMs, until, claim } = wire;
  const isEnforced = claim.limit.enforcement === 'enforce' ? '1' : '0';
  return [kind, ...[amount, floor, max, startMs, until].map(String), isEnforced, String(seed ?? '')];
}

/** The arguments of `settle` for one claim. */
export function settleArgs({ kind, amount, floor, max, until, step }: WireClaim, used: number): string[] {
  return [kind, ...[amount, floor, used, max, until, step].map(String)];
}

export type WireCount = { isExceeded: boolean; used: number; spent: number };

/** How a count stands, from the four numbers that `reserve` answers for its claim. */
export function readCount(
  { claim, kind, amount, max, until }: WireClaim,
  { isExceeded, used, spent }: WireCount,
  { nowMs, isTaken }: { nowMs: number; isTaken: boolean },
): Count {
  const { limit, subject } = claim;
  const resetMs = resetOf(kind, { used, max, until, nowMs });
  const count: Count = { limit, subject, max, used, resetMs, retryAfterMs: 0, isExceeded };
  if (kind === 'c') count.reserved = used - spent;
  if (!isExceeded || isTaken) return count;
  if (kind === 'p') count.retryAfterMs = RETRY_SOON_MS;
  else if (kind === 'c')
    count.retryAfterMs = spent + amount > max ? resetMs : Math.min(resetMs, RETRY_SOON_MS);
  else {
    const wait = amount > max ? until : Math.ceil(((used + amount - max) * until) / Math.max(1, max));
    count.retryAfterMs = Math.max(1, wait, amount > max ? resetMs : 0);
  }
  return count;
}

/** Where something else must end first and nobody knows when it will. */
const RETRY_SOON_MS = 1_000;

export function resetOf(
  kind: WireClaim['kind'],
  { used, max, until, nowMs }: { used: number; max: number; until: number; nowMs: number },
): number {
  if (kind === 'p') return 0;
  if (kind === 'b') return Math.ceil((used * until) / Math.max(1, max));
  return Math.max(0, Math.ceil(until - nowMs));
}

/** Those of days and months, which are kept durably. */
export function listJournalClaims(wires: readonly WireClaim[]): JournalClaim[] {
  return wires.filter(({ kind }) => kind === 'c').map(journalClaimOf);
}

export function journalClaimOf({ claim, startMs, amount, floor }: WireClaim): JournalClaim {
  return { limitId: claim.limit.id, subject: claim.subject, periodStartMs: startMs, amount, floor };
}
