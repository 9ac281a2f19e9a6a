import { type KeyRow, keyColumns, readKey } from '../key-row.ts';
import { projectQuery } from '../query.ts';

/**
 * Revokes a key. A key that was revoked before keeps its first date. `undefined` when the project has no such key.
 */
export const revokeKey = projectQuery({
  sql: `update api_keys set revoked_at = coalesce(revoked_at, $3)
    where project_id = $1 and id = $2
    returning ${keyColumns}, sequence`,
  values: (revocation: { id: string; revokedAtMs: number }) => [
    revocation.id,
    new Date(revocation.revokedAtMs),
  ],
  read: ([row]: (KeyRow & { sequence: string })[]) =>
    row === undefined ? undefined : { key: readKey(row), sequence: Number(row.sequence) },
});
