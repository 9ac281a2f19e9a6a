import { membersOfProject, type ProjectMemberRow, readProjectMember } from '../project-member-row.ts';
import { projectQuery } from '../query.ts';

/** Everybody who is let into the project, by address. */
export const listProjectMembers = projectQuery({
  sql: `${membersOfProject} order by lower(u.email) limit $2`,
  values: ({ limit }: { limit: number }) => [limit],
  read: (rows: ProjectMemberRow[]) => rows.map(readProjectMember),
});
