import { projectQuery } from '../query.ts';
import {
  type RepricingRow,
  readRepricing,
  repricingColumns,
  type StoredRepricing,
} from '../repricing-row.ts';

export type InsertRepricing = Pick<
  StoredRepricing,
  | 'id'
  | 'organizationId'
  | 'fromMs'
  | 'toMs'
  | 'isApplied'
  | 'requestedBy'
  | 'createdAtMs'
  | 'serverId'
  | 'callsTotal'
  | 'progress'
>;

/** Notes what begins. Undefined while another one changes the same project's calls, or while some are deleted. */
export const insertRepricing = projectQuery({
  sql: `insert into repricings (project_id, organization_id, id, from_at, to_at, is_applied, status, requested_by,
      created_at, updated_at, server_id, calls_total, progress)
    select $1, $2, $3, $4, $5, $6, 'running', $7, $8, now(), $9, $10, $11
    where not $6::boolean or not exists (
      select from deletions where project_id = $1 and finished_at is null and not is_dry_run)
    on conflict (project_id) where status = 'running' and is_applied do nothing
    returning ${repricingColumns}`,
  values: (given: InsertRepricing) => [
    given.organizationId,
    given.id,
    new Date(given.fromMs),
    new Date(given.toMs),
    given.isApplied,
    given.requestedBy,
    new Date(given.createdAtMs),
    given.serverId,
    given.callsTotal,
    JSON.stringify(given.progress),
  ],
  read: ([row]: RepricingRow[]) => (row === undefined ? undefined : readRepricing(row)),
});
