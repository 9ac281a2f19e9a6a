import { installationQuery } from '../query.ts';
import type { InlineKey } from './insert-inline-key.ts';

type Row = {
  generation: number;
  kid: string;
  public_pem: string;
  sealed: Buffer;
  created_at: Date;
  replaced_at: Date;
  expires_at: Date;
};

/** The two newest generations, the newest first, accepted or not. */
export const listInlineKeys = installationQuery({
  sql: `select generation, kid, public_pem, sealed, created_at, replaced_at, expires_at from inline_keys
    order by generation desc limit 2`,
  values: () => [],
  read: (rows: Row[]): InlineKey[] =>
    rows.map((row) => ({
      generation: row.generation,
      kid: row.kid,
      publicPem: row.public_pem,
      sealed: row.sealed,
      createdAtMs: row.created_at.getTime(),
      replacedAtMs: row.replaced_at.getTime(),
      expiresAtMs: row.expires_at.getTime(),
    })),
});
