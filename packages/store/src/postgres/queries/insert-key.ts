import type { KeyKind, KeyMode, Permission } from '@app/contract';
import { type KeyRow, keyColumns, readKey } from '../key-row.ts';
import { projectQuery } from '../query.ts';

export type InsertKey = {
  organizationId: string;
  id: string;
  name: string;
  kind: KeyKind;
  mode: KeyMode;
  environment: string;
  permissions: readonly Permission[];
  /** HMAC-SHA-256 of the key under the installation's pepper, base64url. */
  digest: string;
  prefix: string;
  lastFour: string;
  requestsPerMinuteMax: number;
  concurrencyMax: number;
  owner?: string | undefined;
  tags?: readonly string[] | undefined;
  /** What the key is confined to; an absent list confines nothing. */
  models?: readonly string[] | undefined;
  providers?: readonly string[] | undefined;
  ipRanges?: readonly string[] | undefined;
  createdAtMs: number;
  createdBy: string | undefined;
  expiresAtMs: number | undefined;
};

/** Inserts a key and answers with it and the number of this change, which live servers acknowledge. */
export const insertKey = projectQuery({
  sql: `insert into api_keys (project_id, organization_id, id, name, kind, mode, environment, permissions, digest,
      prefix, last_four, requests_per_minute_max, concurrency_max, created_at, created_by, expires_at, owner, tags,
      models, providers, ip_ranges)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
      $19, $20, $21)
    returning ${keyColumns}, sequence`,
  values: (key: InsertKey) => [
    key.organizationId,
    key.id,
    key.name,
    key.kind,
    key.mode,
    key.environment,
    key.permissions,
    key.digest,
    key.prefix,
    key.lastFour,
    key.requestsPerMinuteMax,
    key.concurrencyMax,
    new Date(key.createdAtMs),
    key.createdBy,
    key.expiresAtMs === undefined ? null : new Date(key.expiresAtMs),
    key.owner,
    key.tags ?? [],
    key.models,
    key.providers,
    key.ipRanges,
  ],
  read: ([row]: (KeyRow & { sequence: string })[]) => {
    if (row === undefined) throw new Error('PostgreSQL inserted a key without returning it.');
    return { key: readKey(row), sequence: Number(row.sequence) };
  },
});
