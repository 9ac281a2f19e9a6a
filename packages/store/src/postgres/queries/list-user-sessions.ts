import { userQuery } from '../query.ts';

/** A session without its token. */
export type UserSession = {
  id: string;
  method: string | undefined;
  ip: string | undefined;
  userAgent: string | undefined;
  createdAt: Date;
  lastActiveAt: Date | undefined;
  expiresAt: Date;
};

type Row = {
  id: string;
  method: string | null;
  ipAddress: string | null;
  userAgent: string | null;
  createdAt: Date;
  lastActiveAt: Date | null;
  expiresAt: Date;
};

/** Where somebody is signed in, the newest first, at most 200. */
export const listUserSessions = userQuery({
  sql: `select id, method, "ipAddress", "userAgent", "createdAt", "lastActiveAt", "expiresAt" from auth.session
    where "userId" = $1 and "expiresAt" > $2 order by "createdAt" desc, id limit 200`,
  values: (input: { nowMs: number }) => [new Date(input.nowMs)],
  read: (rows: Row[]): UserSession[] =>
    rows.map(({ method, ipAddress, userAgent, lastActiveAt, ...row }) => ({
      ...row,
      method: method ?? undefined,
      ip: ipAddress || undefined,
      userAgent: userAgent || undefined,
      lastActiveAt: lastActiveAt ?? undefined,
    })),
});
