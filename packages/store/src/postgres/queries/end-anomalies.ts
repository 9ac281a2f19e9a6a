import { projectQuery } from '../query.ts';

/** These anomalies of a project are over. */
export const endAnomalies = projectQuery({
  sql: `update anomalies set state = 'over', to_at = greatest(to_at, $3)
    where project_id = $1 and id = any($2::text[]) and state <> 'over'`,
  values: ({ ids, toMs }: { ids: readonly string[]; toMs: number }) => [ids, new Date(toMs)],
  read: () => undefined,
});
