import { projectQuery } from '../query.ts';
import type { RemappingProgress, StoredRemapping } from '../remapping-row.ts';

export type SaveRemapping = {
  id: string;
  serverId: string;
  status: StoredRemapping['status'];
  progress: RemappingProgress;
  error?: string;
};

/** Saves where it stands. False when another server has taken it over, or it is over. */
export const saveRemapping = projectQuery({
  sql: `update remappings set status = $4, progress = $5, error = $6, updated_at = now(),
      ended_at = case when $4 = 'running' then null else now() end
    where project_id = $1 and id = $2 and server_id = $3 and status = 'running' returning id`,
  values: ({ id, serverId, status, progress, error }: SaveRemapping) => [
    id,
    serverId,
    status,
    JSON.stringify(progress),
    error,
  ],
  read: (rows: { id: string }[]) => rows.length === 1,
});
