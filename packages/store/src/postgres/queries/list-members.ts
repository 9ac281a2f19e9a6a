import { type MemberRow, membersOfOrganization, readMember } from '../member-row.ts';
import { organizationQuery } from '../query.ts';

/** Members by address, those after `after`. */
export const listMembers = organizationQuery({
  sql: `${membersOfOrganization} where $2::text is null or lower(u.email) > $2 order by lower(u.email) limit $3`,
  values: ({ after, limit }: { after?: string | undefined; limit: number }) => [after ?? null, limit],
  read: (rows: MemberRow[]) => rows.map(readMember),
});
