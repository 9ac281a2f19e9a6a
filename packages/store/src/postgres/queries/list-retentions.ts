import type { RetentionChange } from '@app/contract';
import { installationQuery } from '../query.ts';

type RetentionRow = { id: string; policy: RetentionChange | null };

/** Every project with what it decided for itself, in the order of their ids; `after` is the last id of the page before. */
export const listRetentions = installationQuery({
  sql: `select p.id, r.policy from projects p left join project_retention r on r.project_id = p.id
    where p.id > $1 order by p.id limit $2`,
  values: ({ after, limit }: { after: string; limit: number }) => [after, limit],
  read: (rows: RetentionRow[]) => rows.map(({ id, policy }) => ({ projectId: id, policy: policy ?? {} })),
});
