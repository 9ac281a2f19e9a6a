import { userQuery } from '../query.ts';

/**
 * Deletes an account with its sessions and all its ways in, in the tables of the sign-in library, which must exist.
 * Roles are to be taken before, so that the last owner of an organization is found out. False when there is none.
 */
export const deleteAccount = userQuery({
  sql: `with devices as (delete from passkeys where user_id = $1), activity as (
      delete from member_activity where user_id = $1
    ), ended as (
      delete from auth.session where "userId" = $1
    ), ways as (
      delete from auth.account where "userId" = $1
    )
    delete from auth."user" where id = $1
      and not exists (select from memberships where user_id = $1)
      and not exists (select from project_memberships where user_id = $1) returning id`,
  values: () => [],
  read: (rows) => rows.length === 1,
});
