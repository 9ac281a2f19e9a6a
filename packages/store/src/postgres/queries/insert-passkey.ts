import { userQuery } from '../query.ts';

export type InsertPasskey = {
  id: string;
  name: string;
  credentialId: string;
  publicKey: Uint8Array;
  counter: number;
  transports: readonly string[];
  createdAtMs: number;
  /** How many one person may have. */
  max: number;
};

/** False when the person has as many as they may. Rejects with `conflict` when somebody has this one already. */
export const insertPasskey = userQuery({
  sql: `insert into passkeys (id, user_id, name, credential_id, public_key, counter, transports, created_at)
    select $2, $1, $3, $4, $5, $6, $7, $8
    where (select count(*) from passkeys where user_id = $1) < $9
    returning id`,
  values: (key: InsertPasskey) => [
    key.id,
    key.name,
    key.credentialId,
    Buffer.from(key.publicKey),
    key.counter,
    [...key.transports],
    new Date(key.createdAtMs),
    key.max,
  ],
  read: (rows) => rows.length === 1,
});
