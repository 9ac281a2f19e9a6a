import { type MemberRow, membersOfOrganization, readMember } from '../member-row.ts';
import { organizationQuery } from '../query.ts';

/** Somebody who belongs to the organization, or to projects of it, by address. */
export const findMemberByEmail = organizationQuery({
  sql: `${membersOfOrganization} where lower(u.email) = lower($2)`,
  values: ({ email }: { email: string }) => [email],
  read: ([row]: MemberRow[]) => (row === undefined ? undefined : readMember(row)),
});
