import { installationQuery } from '../query.ts';

/** Notes that an account signed in from there. */
export const touchSignInPlace = installationQuery({
  sql: `insert into sign_in_places (account, place, last_at) values ($1, $2, $3)
    on conflict (account, place) do update set last_at = greatest(sign_in_places.last_at, excluded.last_at)`,
  values: (input: { account: string; place: string; nowMs: number }) => [
    input.account,
    input.place,
    new Date(input.nowMs),
  ],
  read: () => undefined,
});
