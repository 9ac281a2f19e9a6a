import { installationQuery } from '../query.ts';

export type InsertSetupLink = { digest: string; createdAtMs: number; expiresAtMs: number };

/** Issues a set-up link and withdraws every earlier one. */
export const insertSetupLink = installationQuery({
  sql: `with withdrawn as (delete from setup_links where digest <> $1)
    insert into setup_links (digest, created_at, expires_at) values ($1, $2, $3)`,
  values: (link: InsertSetupLink) => [link.digest, new Date(link.createdAtMs), new Date(link.expiresAtMs)],
  read: () => undefined,
});
