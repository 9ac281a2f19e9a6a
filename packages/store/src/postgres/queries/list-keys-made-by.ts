import { organizationQuery } from '../query.ts';

export type KeyMadeBy = { id: string; name: string; projectId: string };

/** The keys that somebody made in the organization and that still open something, at most 1,000. */
export const listKeysMadeBy = organizationQuery({
  sql: `select id, name, project_id from api_keys
    where organization_id = $1 and created_by = $2 and revoked_at is null
      and (expires_at is null or expires_at > $3)
    order by created_at, id limit 1000`,
  values: ({ userId, nowMs }: { userId: string; nowMs: number }) => [userId, new Date(nowMs)],
  read: (rows: { id: string; name: string; project_id: string }[]): KeyMadeBy[] =>
    rows.map(({ id, name, project_id }) => ({ id, name, projectId: project_id })),
});
