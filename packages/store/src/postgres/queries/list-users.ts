import { installationQuery } from '../query.ts';

export type ListedUser = {
  id: string;
  email: string;
  name: string;
  hasPassword: boolean;
  hasTwoFactor: boolean;
  passkeys: number;
  providers: string[];
  sessions: number;
  createdAt: Date;
  lastActiveAt: Date | undefined;
};

type Row = {
  id: string;
  email: string;
  name: string;
  has_password: boolean;
  has_two_factor: boolean;
  passkeys: string;
  providers: string[];
  sessions: string;
  created_at: Date;
  last_active_at: Date | null;
};

/** Everybody who has an account, by address, at most 10,000. */
export const listUsers = installationQuery({
  sql: `select u.id, u.email, u.name, coalesce(u."twoFactorEnabled", false) as has_two_factor,
      u."createdAt" as created_at,
      exists (select from auth.account a where a."userId" = u.id and a."providerId" = 'credential' and a.password <> '')
        as has_password,
      array(select a."providerId" from auth.account a
        where a."userId" = u.id and a."providerId" <> 'credential' order by 1) as providers,
      (select count(*) from passkeys p where p.user_id = u.id) as passkeys,
      (select count(*) from auth.session s where s."userId" = u.id and s."expiresAt" > $1) as sessions,
      (select max(s."lastActiveAt") from auth.session s where s."userId" = u.id) as last_active_at
    from auth."user" u order by u.email limit 10000`,
  values: (input: { nowMs: number }) => [new Date(input.nowMs)],
  read: (rows: Row[]): ListedUser[] =>
    rows.map((row) => ({
      id: row.id,
      email: row.email,
      name: row.name,
      hasPassword: row.has_password,
      hasTwoFactor: row.has_two_factor,
      passkeys: Number(row.passkeys),
      providers: row.providers,
      sessions: Number(row.sessions),
      createdAt: row.created_at,
      lastActiveAt: row.last_active_at ?? undefined,
    })),
});
