import { userQuery } from '../query.ts';

/** Somebody's account and the ways into it. */
export type FoundAccount = {
  id: string;
  name: string;
  email: string;
  hasPassword: boolean;
  hasTwoFactor: boolean;
  /** Accounts elsewhere that lead to this one, oldest first. */
  identities: { provider: string; linkedAt: Date }[];
};

type Row = {
  id: string;
  name: string;
  email: string;
  has_password: boolean;
  has_two_factor: boolean;
  providers: string[];
  linked: Date[];
};

export const findAccount = userQuery({
  sql: `select u.id, u.name, u.email, coalesce(u."twoFactorEnabled", false) as has_two_factor,
      coalesce(bool_or(a."providerId" = 'credential' and a.password <> ''), false) as has_password,
      coalesce(array_agg(a."providerId" order by a."createdAt", a.id)
        filter (where a."providerId" <> 'credential'), '{}') as providers,
      coalesce(array_agg(a."createdAt" order by a."createdAt", a.id)
        filter (where a."providerId" <> 'credential'), '{}') as linked
    from auth."user" u left join auth.account a on a."userId" = u.id
    where u.id = $1 group by u.id`,
  values: () => [],
  read: ([row]: Row[]): FoundAccount | undefined =>
    row && {
      id: row.id,
      name: row.name,
      email: row.email,
      hasPassword: row.has_password,
      hasTwoFactor: row.has_two_factor,
      identities: row.providers.flatMap((provider, at) => {
        const linkedAt = row.linked[at];
        return linkedAt === undefined ? [] : [{ provider, linkedAt }];
      }),
    },
});
