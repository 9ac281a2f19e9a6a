import { projectQuery } from '../query.ts';

export type UpsertProjectMembership = {
  organizationId: string;
  userId: string;
  role: string;
  createdAtMs: number;
};

/** Gives somebody this role in the project. Rejects when the project is not one of that organization. */
export const upsertProjectMembership = projectQuery({
  sql: `insert into project_memberships (project_id, organization_id, user_id, role, created_at)
    values ($1, $2, $3, $4, $5) on conflict (project_id, user_id) do update set role = excluded.role`,
  values: (given: UpsertProjectMembership) => [
    given.organizationId,
    given.userId,
    given.role,
    new Date(given.createdAtMs),
  ],
  read: () => undefined,
});
