import { organizationQuery } from '../query.ts';

export type LimitExtra = { limitId: string; periodStartMs: number; subject: string; amount: number };

type Row = { limit_id: string; period_start: Date; subject: string; amount: string };

/** What periods since `sinceMs` have beyond their limits, carried over and granted together, by subject. */
export const listLimitExtras = organizationQuery({
  sql: `select limit_id, period_start, subject, sum(amount)::bigint as amount from limit_extras
    where organization_id = $1 and limit_id = any($2) and period_start >= $3
    group by limit_id, period_start, subject`,
  values: (input: { limitIds: readonly string[]; sinceMs: number }) => [
    input.limitIds,
    new Date(input.sinceMs),
  ],
  read: (rows: Row[]): LimitExtra[] =>
    rows.map((row) => ({
      limitId: row.limit_id,
      periodStartMs: row.period_start.getTime(),
      subject: row.subject,
      amount: Number(row.amount),
    })),
});
