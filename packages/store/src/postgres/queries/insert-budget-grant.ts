import { organizationQuery } from '../query.ts';

export type InsertBudgetGrant = {
  id: string;
  limitId: string;
  subject: string;
  periodStartMs: number;
  /** Nano-dollars. */
  amount: number;
  /** The most that the period may have beyond the budget's amount, carried over and granted together. */
  extraMax: number;
  reason: string | undefined;
  createdAtMs: number;
  createdBy: string | undefined;
};

/**
 * Gives a budget's period more. `undefined` when the period would have more than it may; otherwise what it has beyond the
 * amount from now on. The change of the limit that comes of it has its number at the end of the statement only.
 */
export const insertBudgetGrant = organizationQuery({
  sql: `with budget as (
      select id from limits where organization_id = $1 and id = $3 and is_budget and deleted_at is null for no key update
    ), before as (
      select coalesce(sum(amount), 0)::bigint as amount from limit_extras
      where limit_id = $3 and subject = $4 and period_start = $5
    ), added as (
      insert into limit_extras (organization_id, id, limit_id, subject, period_start, kind, amount, reason, created_at, created_by)
      select $1, $2, budget.id, $4, $5, 'granted', $6, $8, $9, $10 from budget, before
      where before.amount + $6::bigint <= $7
      returning amount
    )
    select (before.amount + added.amount)::bigint as extra from added, before`,
  values: (grant: InsertBudgetGrant) => [
    grant.id,
    grant.limitId,
    grant.subject,
    new Date(grant.periodStartMs),
    grant.amount,
    grant.extraMax,
    grant.reason,
    new Date(grant.createdAtMs),
    grant.createdBy,
  ],
  read: ([row]: { extra: string }[]) => (row === undefined ? undefined : Number(row.extra)),
});
