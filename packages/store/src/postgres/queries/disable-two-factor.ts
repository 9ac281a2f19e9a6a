import { userQuery } from '../query.ts';

/** Takes the second factor away, for somebody who lost it; false when there was none. */
export const disableTwoFactor = userQuery({
  sql: `with removed as (delete from auth."twoFactor" where "userId" = $1)
    update auth."user" set "twoFactorEnabled" = false where id = $1 and "twoFactorEnabled" returning id`,
  values: () => [],
  read: (rows) => rows.length === 1,
});
