import { installationQuery } from '../query.ts';
import { type RemappingRow, readRemapping, remappingColumns } from '../remapping-row.ts';

/** Takes one over whose server was not heard of for so long; undefined when there is none. */
export const claimRemapping = installationQuery({
  sql: `update remappings set server_id = $1, updated_at = now() where id = (
      select id from remappings where status = 'running' and updated_at <= now() - $2 * interval '1 millisecond'
      order by created_at limit 1 for update skip locked
    ) returning ${remappingColumns}`,
  values: ({ serverId, silentMs }: { serverId: string; silentMs: number }) => [serverId, silentMs],
  read: ([row]: RemappingRow[]) => (row === undefined ? undefined : readRemapping(row)),
});
