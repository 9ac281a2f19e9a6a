import { userQuery } from '../query.ts';

type Unlinked = {
  provider: string;
  /** Providers that can be used now, and whether passwords can. */
  usable: readonly string[];
  passwords: boolean;
};

/** Unlinks the account at a provider, in one statement with the check that another way in remains; how many went. */
export const deleteIdentity = userQuery({
  sql: `delete from auth.account where "userId" = $1 and "providerId" = $2 and "providerId" <> 'credential'
      and (exists (select from passkeys where user_id = $1)
        or exists (select from auth.account other where other."userId" = $1 and other."providerId" <> $2
          and (other."providerId" = any ($3) or ($4 and other."providerId" = 'credential' and other.password <> ''))))
    returning id`,
  values: ({ provider, usable, passwords }: Unlinked) => [provider, [...usable], passwords],
  read: (rows) => rows.length,
});
