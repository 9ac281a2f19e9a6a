import { installationQuery } from '../query.ts';

/** Deletes what budgets did before a time, at most `limit` of it; answers with how many went. */
export const deleteOldNotices = installationQuery({
  sql: `with gone as (
      delete from budget_notices where id in (
        select id from budget_notices where created_at < $1 order by created_at limit $2
      ) returning id
    )
    select count(*) as count from gone`,
  values: (input: { beforeMs: number; limit: number }) => [new Date(input.beforeMs), input.limit],
  read: ([row]: { count: string }[]) => Number(row?.count ?? 0),
});
