import { type MemberRow, membersOfOrganization, readMember } from '../member-row.ts';
import { organizationQuery } from '../query.ts';

/** Somebody who belongs to the organization, or to projects of it, by id. */
export const findMember = organizationQuery({
  sql: `${membersOfOrganization} where own.user_id = $2`,
  values: ({ userId }: { userId: string }) => [userId],
  read: ([row]: MemberRow[]) => (row === undefined ? undefined : readMember(row)),
});
