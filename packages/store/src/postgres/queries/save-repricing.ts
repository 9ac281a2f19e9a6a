import { projectQuery } from '../query.ts';
import type { RepricingProgress, StoredRepricing } from '../repricing-row.ts';

export type SaveRepricing = {
  id: string;
  serverId: string;
  status: StoredRepricing['status'];
  progress: RepricingProgress;
  error?: string;
};

/** Saves where it stands. False when another server has taken it over, or it is over. */
export const saveRepricing = projectQuery({
  sql: `update repricings set status = $4, progress = $5, error = $6, updated_at = now(),
      ended_at = case when $4 = 'running' then null else now() end
    where project_id = $1 and id = $2 and server_id = $3 and status = 'running' returning id`,
  values: ({ id, serverId, status, progress, error }: SaveRepricing) => [
    id,
    serverId,
    status,
    JSON.stringify(progress),
    error,
  ],
  read: (rows: { id: string }[]) => rows.length === 1,
});
