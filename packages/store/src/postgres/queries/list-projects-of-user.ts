import { userQuery } from '../query.ts';

export type ProjectOfUser = {
  id: string;
  slug: string;
  name: string;
  organizationId: string;
  /** The organization's name. */
  organization: string;
  role: string;
};

type Row = {
  id: string;
  slug: string;
  name: string;
  organization_id: string;
  organization: string;
  role: string;
};

/** Every project of every organization that the user belongs to, at most 1,000. */
export const listProjectsOfUser = userQuery({
  sql: `select p.id, p.slug, p.name, o.id as organization_id, o.name as organization, m.role
    from memberships m
    join organizations o on o.id = m.organization_id
    join projects p on p.organization_id = o.id
    where m.user_id = $1 order by o.name, p.created_at, p.id limit 1000`,
  values: () => [],
  read: (rows: Row[]): ProjectOfUser[] =>
    rows.map(({ organization_id, ...row }) => ({ ...row, organizationId: organization_id })),
});
