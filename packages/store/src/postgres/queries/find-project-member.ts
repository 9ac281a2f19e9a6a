import { membersOfProject, type ProjectMemberRow, readProjectMember } from '../project-member-row.ts';
import { projectQuery } from '../query.ts';

/** Somebody who is let into the project. */
export const findProjectMember = projectQuery({
  sql: `${membersOfProject} where own.user_id = $2`,
  values: ({ userId }: { userId: string }) => [userId],
  read: ([row]: ProjectMemberRow[]) => (row === undefined ? undefined : readProjectMember(row)),
});
