import { type KeyRow, keyColumns, readKey } from '../key-row.ts';
import { projectQuery } from '../query.ts';

export type RotateKey = {
  /** The key that is replaced. */
  id: string;
  /** What it was when the rotation was decided: if it has become another since, nothing is written. */
  sequence: number;
  newId: string;
  digest: string;
  prefix: string;
  lastFour: string;
  createdAtMs: number;
  createdBy: string | undefined;
  /** When the new key ends; absent for never. */
  expiresAtMs: number | undefined;
  /** When the old key ends, if it would not end before. At or before `createdAtMs` it is revoked. */
  oldEndsAtMs: number;
};

const newKeyColumns = `insert into api_keys (project_id, organization_id, id, name, kind, mode, environment, permissions,
  digest, prefix, last_four, requests_per_minute_max, concurrency_max, owner, tags, models, providers, ip_ranges,
  created_at, created_by, expires_at, replaces)`;

/**
 * Puts a new key with the same settings in a key's place, both or neither. `undefined` when the project has no such key
 * or it is revoked, expired, replaced or changed
 * meanwhile. The sequence is the later of the two changes.
 */
export const rotateKey = projectQuery({
  sql: `with old as (
      update api_keys set replaced_by = $3,
        expires_at = case when $10::timestamptz > $7::timestamptz then least(expires_at, $10) else expires_at end,
        revoked_at = case when $10::timestamptz > $7::timestamptz then null else $7 end
      where project_id = $1 and id = $2 and sequence = $11 and revoked_at is null and replaced_by is null
        and (expires_at is null or expires_at > $7::timestamptz)
      returning *
    ), new as (
      ${newKeyColumns}
      select project_id, organization_id, $3, name, kind, mode, environment, permissions, $4, $5, $6,
        requests_per_minute_max, concurrency_max, owner, tags, models, providers, ip_ranges, $7, $8, $9::timestamptz, id
      from old
      returning *
    )
    select ${keyColumns}, sequence from new union all select ${keyColumns}, sequence from old`,
  values: (rotation: RotateKey) => [
    rotation.id,
    rotation.newId,
    rotation.digest,
    rotation.prefix,
    rotation.lastFour,
    new Date(rotation.createdAtMs),
    rotation.createdBy,
    rotation.expiresAtMs === undefined ? null : new Date(rotation.expiresAtMs),
    new Date(rotation.oldEndsAtMs),
    rotation.sequence,
  ],
  read: (rows: (KeyRow & { sequence: string })[], { newId }) => {
    const made = rows.find((row) => row.id === newId);
    const replaced = rows.find((row) => row.id !== newId);
    if (made === undefined || replaced === undefined) return undefined;
    return {
      key: readKey(made),
      replaced: readKey(replaced),
      sequence: Math.max(...rows.map((row) => Number(row.sequence))),
    };
  },
});
