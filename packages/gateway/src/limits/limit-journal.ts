/** One claim on a count of a day or month. */
export type JournalClaim = {
  limitId: string;
  subject: string;
  /** Epoch milliseconds of the period that the claim counts in, whenever it is settled. */
  periodStartMs: number;
  amount: number;
  /** Charged when the hold is never settled. */
  floor: number;
};

/**
 * Hears of every claim on a day's or month's count in the turn in which it is made, so that what was spent survives this
 * process. `holdId` is unique within one store. Never throws.
 */
export type LimitJournal = {
  reserved(holdId: number, claims: readonly JournalClaim[]): void;
  /** `used` in the order of the claims, which are those of `reserved`. */
  settled(holdId: number, claims: readonly JournalClaim[], used: readonly number[]): void;
};

/** Names one day's or month's count. */
export type CountName = { limitId: string; subject: string; periodStartMs: number };

/**
 * What such counts have durably, in the order asked; 0 for one that is not known. Includes what this server settled and
 * has not yet brought there. May reject.
 */
export type FindSpent = (counts: readonly CountName[]) => Promise<readonly number[]>;
