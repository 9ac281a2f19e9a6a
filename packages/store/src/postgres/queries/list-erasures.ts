import type { DataFilter } from '@app/contract';
import { installationQuery } from '../query.ts';

/** What must not come back: calls that match and began before. */
export type Erasure = { projectId: string; filter: DataFilter; requestedAtMs: number; isTestOnly: boolean };

type ErasureRow = { project_id: string; filter: DataFilter; requested_at: Date; is_test_only: boolean };

/** The newest deletions, whether or not they are done: a server that was away may still hold what they are about. */
export const listErasures = installationQuery({
  sql: `select project_id, filter, requested_at, is_test_only from deletions where not is_dry_run
    order by requested_at desc limit $1`,
  values: ({ limit }: { limit: number }) => [limit],
  read: (rows: ErasureRow[]): Erasure[] =>
    rows.map((row) => ({
      projectId: row.project_id,
      filter: row.filter,
      requestedAtMs: row.requested_at.getTime(),
      isTestOnly: row.is_test_only,
    })),
});
