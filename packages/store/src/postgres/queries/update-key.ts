import type { Permission } from '@app/contract';
import { type KeyRow, keyColumns, readKey } from '../key-row.ts';
import { projectQuery } from '../query.ts';

/** What a key becomes: everything of it that may change. */
export type UpdateKey = {
  id: string;
  name: string;
  permissions: readonly Permission[];
  requestsPerMinuteMax: number;
  concurrencyMax: number;
  owner: string | null;
  tags: readonly string[];
  models: readonly string[] | null;
  providers: readonly string[] | null;
  ipRanges: readonly string[] | null;
  expiresAtMs: number | null;
  /** What the key was when the change was decided: if it has become another since, nothing is written. */
  sequence: number;
};

/** Changes a key. `undefined` when the project has no such key, or it was revoked or changed meanwhile. */
export const updateKey = projectQuery({
  sql: `update api_keys set name = $3, permissions = $4, requests_per_minute_max = $5, concurrency_max = $6, owner = $7,
      tags = $8, models = $9, providers = $10, ip_ranges = $11, expires_at = $12
    where project_id = $1 and id = $2 and revoked_at is null and sequence = $13
    returning ${keyColumns}, sequence`,
  values: (key: UpdateKey) => [
    key.id,
    key.name,
    key.permissions,
    key.requestsPerMinuteMax,
    key.concurrencyMax,
    key.owner,
    key.tags,
    key.models,
    key.providers,
    key.ipRanges,
    key.expiresAtMs === null ? null : new Date(key.expiresAtMs),
    key.sequence,
  ],
  read: ([row]: (KeyRow & { sequence: string })[]) =>
    row === undefined ? undefined : { key: readKey(row), sequence: Number(row.sequence) },
});
