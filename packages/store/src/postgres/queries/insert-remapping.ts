import { projectQuery } from '../query.ts';
import {
  type RemappingRow,
  readRemapping,
  remappingColumns,
  type StoredRemapping,
} from '../remapping-row.ts';

export type InsertRemapping = Omit<
  StoredRemapping,
  'projectId' | 'status' | 'updatedAtMs' | 'endedAtMs' | 'error'
>;

/** Notes what begins. Undefined while another one changes the same project's spans, or while some are deleted. */
export const insertRemapping = projectQuery({
  sql: `insert into remappings (project_id, organization_id, id, from_at, to_at, is_dry_run, is_forced, status,
      requested_by, created_at, updated_at, server_id, spans_total, progress)
    select $1, $2, $3, $4, $5, $6, $7, 'running', $8, $9, now(), $10, $11, $12
    where $6::boolean or not exists (
      select from deletions where project_id = $1 and finished_at is null and not is_dry_run)
    on conflict (project_id) where status = 'running' and not is_dry_run do nothing
    returning ${remappingColumns}`,
  values: (given: InsertRemapping) => [
    given.organizationId,
    given.id,
    new Date(given.fromMs),
    new Date(given.toMs),
    given.isDryRun,
    given.isForced,
    given.requestedBy,
    new Date(given.createdAtMs),
    given.serverId,
    given.spansTotal,
    JSON.stringify(given.progress),
  ],
  read: ([row]: RemappingRow[]) => (row === undefined ? undefined : readRemapping(row)),
});
