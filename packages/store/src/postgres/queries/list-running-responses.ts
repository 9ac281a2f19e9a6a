import { installationQuery } from '../query.ts';

type Row = { project_id: string; mode: 'live' | 'test'; id: string };

/** What the table says this server works on; what it works on and is not here was cancelled or deleted. */
export const listRunningResponses = installationQuery({
  sql: `select project_id, mode, id from stored_responses
    where server_id = $1 and status in ('queued', 'in_progress')`,
  values: (server: { serverId: string }) => [server.serverId],
  read: (rows: Row[]) => rows.map(({ project_id, mode, id }) => ({ projectId: project_id, mode, id })),
});
