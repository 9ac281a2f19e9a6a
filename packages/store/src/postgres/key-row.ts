import type { Key } from '@app/contract';

/** The columns of a key as it is listed. Never its digest. */
export const keyColumns = `id, name, kind, mode, environment, permissions, prefix, last_four, requests_per_minute_max,
  concurrency_max, owner, tags, models, providers, ip_ranges, replaced_by, replaces, created_at, created_by, expires_at,
  revoked_at, last_used_at, last_used_ip`;

export type KeyRow = Omit<Key, 'created_at' | 'expires_at' | 'revoked_at' | 'last_used_at'> & {
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
};

export function readKey(row: KeyRow): Key {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    mode: row.mode,
    environment: row.environment,
    permissions: row.permissions,
    prefix: row.prefix,
    last_four: row.last_four,
    requests_per_minute_max: row.requests_per_minute_max,
    concurrency_max: row.concurrency_max,
    owner: row.owner,
    tags: row.tags,
    models: row.models,
    providers: row.providers,
    ip_ranges: row.ip_ranges,
    replaced_by: row.replaced_by,
    replaces: row.replaces,
    created_at: row.created_at.toISOString(),
    created_by: row.created_by,
    expires_at: row.expires_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
    last_used_at: row.last_used_at?.toISOString() ?? null,
    last_used_ip: row.last_used_ip,
  };
}
