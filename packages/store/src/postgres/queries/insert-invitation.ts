import { organizationQuery } from '../query.ts';

export type InsertInvitation = {
  id: string;
  /** In lower case. */
  email: string;
  role: string | undefined;
  projects: readonly { projectId: string; role: string }[];
  digest: string;
  createdAtMs: number;
  createdBy: string | undefined;
  expiresAtMs: number;
};

/** False when the address has an open invitation already. */
export const insertInvitation = organizationQuery({
  sql: `insert into invitations (organization_id, id, email, role, projects, digest, created_at, created_by, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (organization_id, email) where accepted_at is null and revoked_at is null do nothing
    returning id`,
  values: (made: InsertInvitation) => [
    made.id,
    made.email,
    made.role ?? null,
    JSON.stringify(made.projects.map(({ projectId, role }) => ({ project_id: projectId, role }))),
    made.digest,
    new Date(made.createdAtMs),
    made.createdBy ?? null,
    new Date(made.expiresAtMs),
  ],
  read: (rows) => rows.length === 1,
});
