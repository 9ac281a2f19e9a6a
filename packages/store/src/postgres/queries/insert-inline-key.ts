import { installationQuery } from '../query.ts';

/** A key pair to whose public half callers encrypt; its private half is sealed. */
export type InlineKey = {
  generation: number;
  kid: string;
  publicPem: string;
  sealed: Buffer;
  createdAtMs: number;
  /** From then on the next generation is handed out. */
  replacedAtMs: number;
  expiresAtMs: number;
};

/** False when another server made this generation first. */
export const insertInlineKey = installationQuery({
  sql: `insert into inline_keys (generation, kid, public_pem, sealed, created_at, replaced_at, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict do nothing returning kid`,
  values: (key: InlineKey) => [
    key.generation,
    key.kid,
    key.publicPem,
    key.sealed,
    new Date(key.createdAtMs),
    new Date(key.replacedAtMs),
    new Date(key.expiresAtMs),
  ],
  read: (rows) => rows.length === 1,
});
