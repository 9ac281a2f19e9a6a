import { type LimitRow, limitColumns, readLimit } from '../limit-row.ts';
import { installationQuery } from '../query.ts';

/**
 * Budgets that carry over and for which that may be due: the last time was a period ago, by the shortest day and month
 * that there are, or never. At most `limit`, those that wait longest first, after `afterId`.
 */
export const listCarryingBudgets = installationQuery({
  sql: `select ${limitColumns} from limits l join organizations o on o.id = l.organization_id
    where l.carries_over and l.deleted_at is null and l.id > $3 and (l.carried_until is null or l.carried_until <=
      $1::timestamptz - case l.period when 'day' then interval '22 hours' else interval '27 days' end)
    order by l.id limit $2`,
  values: (input: { nowMs: number; limit: number; afterId: string }) => [
    new Date(input.nowMs),
    input.limit,
    input.afterId,
  ],
  read: (rows: LimitRow[]) => rows.map(readLimit),
});
