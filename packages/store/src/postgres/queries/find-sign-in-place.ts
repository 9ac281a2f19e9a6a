import { installationQuery } from '../query.ts';

/** Whether the account signed in from there since then. */
export const findSignInPlace = installationQuery({
  sql: 'select from sign_in_places where account = $1 and place = $2 and last_at > $3',
  values: (input: { account: string; place: string; sinceMs: number }) => [
    input.account,
    input.place,
    new Date(input.sinceMs),
  ],
  read: (rows) => rows.length === 1,
});
