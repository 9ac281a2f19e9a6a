/** What was used of one count in one day or month, as the limit has it. Integers in the limit's measure. */
export type LimitUsage = {
  limitId: string;
  /** Whose count it is, where each of a kind has its own; else ''. */
  subject: string;
  /** Epoch milliseconds. */
  periodStartMs: number;
  used: number;
};

/** By how much a count changed. Both may be negative. */
export type LimitDelta = LimitUsage & {
  /** What calls under way are charged should their server die. */
  held: number;
};

export type LimitUsageRow = {
  limit_id: string;
  subject: string;
  period_start: Date;
  used: string;
};

export function usageOf(row: LimitUsageRow): LimitUsage {
  return {
    limitId: row.limit_id,
    subject: row.subject,
    periodStartMs: row.period_start.getTime(),
    used: Number(row.used),
  };
}
