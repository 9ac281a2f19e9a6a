export type StoredInvitation = {
  id: string;
  organizationId: string;
  /** In lower case. */
  email: string;
  role: string | undefined;
  projects: { projectId: string; name: string; role: string }[];
  createdAtMs: number;
  /** A user's id; undefined for the operator's. */
  createdBy: string | undefined;
  expiresAtMs: number;
  acceptedAtMs: number | undefined;
  revokedAtMs: number | undefined;
};

export type InvitationRow = {
  id: string;
  organization_id: string;
  email: string;
  role: string | null;
  projects: StoredInvitation['projects'] | null;
  created_at: Date;
  created_by: string | null;
  expires_at: Date;
  accepted_at: Date | null;
  revoked_at: Date | null;
};

/** Of `invitations i`. A project that is no longer there is left out. */
export const invitationColumns = `i.id, i.organization_id, i.email, i.role, i.created_at, i.created_by, i.expires_at,
  i.accepted_at, i.revoked_at, (
    select jsonb_agg(jsonb_build_object('projectId', p.id, 'name', p.name, 'role', given.role) order by p.created_at, p.id)
    from jsonb_to_recordset(i.projects) as given (project_id text, role text)
    join projects p on p.organization_id = i.organization_id and p.id = given.project_id
  ) as projects`;

export function readInvitation(row: InvitationRow): StoredInvitation {
  return {
    id: row.id,
    organizationId: row.organization_id,
    email: row.email,
    role: row.role ?? undefined,
    projects: row.projects ?? [],
    createdAtMs: row.created_at.getTime(),
    createdBy: row.created_by ?? undefined,
    expiresAtMs: row.expires_at.getTime(),
    acceptedAtMs: row.accepted_at?.getTime(),
    revokedAtMs: row.revoked_at?.getTime(),
  };
}
