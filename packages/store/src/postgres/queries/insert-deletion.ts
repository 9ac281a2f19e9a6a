import { type DeletionRow, deletionColumns, readDeletion, type StoredDeletion } from '../deletion-row.ts';
import { projectQuery } from '../query.ts';

export type InsertDeletion = Pick<
  StoredDeletion,
  | 'id'
  | 'organizationId'
  | 'filter'
  | 'isDryRun'
  | 'isTestOnly'
  | 'state'
  | 'requestedBy'
  | 'requestedAtMs'
  | 'deleted'
> & {
  /** So many of a project may wait or run at once. */
  openMax: number;
};

/** Notes what is asked for, and tells the servers. Undefined when as many wait as may. */
export const insertDeletion = projectQuery({
  sql: `with begun as (insert into deletions (project_id, organization_id, id, filter, is_dry_run, is_test_only, state, requested_by,
      requested_at, updated_at, finished_at, deleted)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9, $9, case when $7 = 'counted' then $9::timestamptz end, $10
    where (select count(*) from deletions where project_id = $1 and finished_at is null) < $11
    returning ${deletionColumns})
    select ${deletionColumns}, pg_notify('tr_deletions', '') from begun`,
  values: (given: InsertDeletion) => [
    given.organizationId,
    given.id,
    JSON.stringify(given.filter),
    given.isDryRun,
    given.isTestOnly,
    given.state,
    given.requestedBy,
    new Date(given.requestedAtMs),
    JSON.stringify(given.deleted),
    given.openMax,
  ],
  read: ([row]: DeletionRow[]) => (row === undefined ? undefined : readDeletion(row)),
});
