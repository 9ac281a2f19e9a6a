import { type DeletionRow, deletionColumns, readDeletion } from '../deletion-row.ts';
import { installationQuery } from '../query.ts';

/**
 * Takes the oldest that waits, or whose server was not heard of for so long; undefined when there is none. One whose
 * project's calls are being priced again waits: that writes spans anew.
 */
export const claimDeletion = installationQuery({
  sql: `update deletions set server_id = $1, updated_at = now() where id = (
      select id from deletions d where finished_at is null
        and (server_id is null or server_id = $1 or updated_at <= now() - $2 * interval '1 millisecond')
        and not exists (select from repricings r
          where r.project_id = d.project_id and r.status = 'running' and r.is_applied)
      order by requested_at, id limit 1 for update skip locked
    ) returning ${deletionColumns}`,
  values: ({ serverId, silentMs }: { serverId: string; silentMs: number }) => [serverId, silentMs],
  read: ([row]: DeletionRow[]) => (row === undefined ? undefined : readDeletion(row)),
});
