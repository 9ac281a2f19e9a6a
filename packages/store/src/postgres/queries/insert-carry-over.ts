import { installationQuery } from '../query.ts';

export type InsertCarryOver = {
  limitId: string;
  /** Of the period that gets it. */
  periodStartMs: number;
  createdAtMs: number;
  /** Amounts in nano-dollars, over 0. */
  carried: readonly { id: string; subject: string; amount: number }[];
};

/** Carries over into a period what the one before left, once, whichever server comes first. True for that one. */
export const insertCarryOver = installationQuery({
  sql: `with marked as (
      update limits set carried_until = $2
      where id = $1 and deleted_at is null and (carried_until is null or carried_until < $2)
      returning id, organization_id
    ), added as (
      insert into limit_extras (id, organization_id, limit_id, subject, period_start, kind, amount, created_at)
      select given.id, marked.organization_id, marked.id, given.subject, $2, 'carried', given.amount, $3
      from marked, unnest($4::text[], $5::text[], $6::bigint[]) as given (id, subject, amount)
      on conflict do nothing
    )
    select id from marked`,
  values: (input: InsertCarryOver) => [
    input.limitId,
    new Date(input.periodStartMs),
    new Date(input.createdAtMs),
    input.carried.map((each) => each.id),
    input.carried.map((each) => each.subject),
    input.carried.map((each) => each.amount),
  ],
  read: (rows: { id: string }[]) => rows.length === 1,
});
