import type { Told } from '../budget-news.ts';
import type { LeakyBucket } from '../leaky-bucket.ts';
import type { Claim, Count, Limit } from '../limit.ts';

/** `open`: claims that are not settled. A count with one is never forgotten. `max` and `windowMs` as last seen. */
export type BucketCount = LeakyBucket & {
  open: number;
  max: number;
  windowMs: number;
  isShadowTold: boolean;
};

/** One period of a day's or month's count; `other` is another period of it that is still of use. */
export type CalendarCount = {
  open: number;
  periodStartMs: number;
  periodEndMs: number;
  spent: number;
  reserved: number;
  told: Told;
  touchedMs: number;
  other: CalendarCount | undefined;
};

export type PlaceCount = { taken: number; isShadowTold: boolean };

/** What one claim took, until it is settled. */
export type Slot =
  | (SlotFacts & { readonly kind: 'bucket'; readonly count: BucketCount; readonly step: number })
  | (SlotFacts & { readonly kind: 'calendar'; readonly count: CalendarCount })
  | (SlotFacts & { readonly kind: 'places'; readonly count: PlaceCount });

type SlotFacts = {
  readonly claim: Claim;
  readonly amount: number;
  readonly max: number;
  /** Whether the claim did not fit. It is taken all the same, until `undo`. */
  readonly isExceeded: boolean;
};

type SlotOf<Kind extends Slot['kind']> = Extract<Slot, { kind: Kind }>;

/** How one kind of count works. */
export type Counting<Kind extends Slot['kind']> = {
  take(claim: Claim, amount: number): SlotOf<Kind>;
  /** Takes a claim back in the turn in which it was made. */
  undo(slot: SlotOf<Kind>): void;
  settle(slot: SlotOf<Kind>, used: number): void;
  /** How the slot's count stands now. */
  view(slot: SlotOf<Kind>, isTaken: boolean): Count;
  /** How a count stands now, whether or not it has been touched. */
  read(limit: Limit, subject: string): Count;
  /** Counts in memory. */
  size(): number;
};

/** When something else must end first and nobody knows when it will. */
export const RETRY_SOON_MS = 1_000;
