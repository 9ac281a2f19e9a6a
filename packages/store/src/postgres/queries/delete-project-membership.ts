import { projectQuery } from '../query.ts';

/** Takes somebody's role in the project; what they are in its organization stays. */
export const deleteProjectMembership = projectQuery({
  sql: 'delete from project_memberships where project_id = $1 and user_id = $2',
  values: ({ userId }: { userId: string }) => [userId],
  read: () => undefined,
});
