/** A key of somebody's device. */
export type StoredPasskey = {
  id: string;
  userId: string;
  name: string;
  /** As the device names it, in base64url. */
  credentialId: string;
  /** In COSE. */
  publicKey: Uint8Array<ArrayBuffer>;
  counter: number;
  transports: string[];
  createdAt: Date;
  lastUsedAt: Date | undefined;
};

export type PasskeyRow = {
  id: string;
  user_id: string;
  name: string;
  credential_id: string;
  public_key: Buffer;
  counter: string;
  transports: string[];
  created_at: Date;
  last_used_at: Date | null;
};

export const passkeyColumns =
  'id, user_id, name, credential_id, public_key, counter, transports, created_at, last_used_at';

export function readPasskey(row: PasskeyRow): StoredPasskey {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    credentialId: row.credential_id,
    publicKey: Uint8Array.from(row.public_key),
    counter: Number(row.counter),
    transports: row.transports,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
  };
}
