import type { KeyKind, KeyMode, Permission } from '@app/contract';

/** What a server keeps of a key in memory. A revoked or changed key comes again with a higher sequence. */
export type KeyChange = {
  sequence: number;
  id: string;
  name?: string;
  organizationId: string;
  projectId: string;
  kind: KeyKind;
  mode: KeyMode;
  environment: string;
  permissions: Permission[];
  /** HMAC-SHA-256 of the key under the installation's pepper, base64url. */
  digest: string;
  expiresAtMs: number | undefined;
  revokedAtMs: number | undefined;
  requestsPerMinuteMax: number;
  concurrencyMax: number;
  tags?: readonly string[];
  /** What the key is confined to; an absent list confines nothing. */
  models?: readonly string[];
  providers?: readonly string[];
  ipRanges?: readonly string[];
  /** How much of a call the key's project keeps. */
  capture: 'full' | 'redacted' | 'metadata';
};

export const keyChangeColumns = `k.sequence, k.id, k.name, k.organization_id, k.project_id, k.kind, k.mode, k.environment,
  k.permissions, k.digest, k.expires_at, k.revoked_at, k.requests_per_minute_max, k.concurrency_max,
  k.tags, k.models, k.providers, k.ip_ranges, p.capture`;

export type KeyChangeRow = {
  sequence: string;
  id: string;
  name: string;
  organization_id: string;
  project_id: string;
  kind: KeyKind;
  mode: KeyMode;
  environment: string;
  permissions: Permission[];
  digest: string;
  expires_at: Date | null;
  revoked_at: Date | null;
  requests_per_minute_max: number;
  concurrency_max: number;
  tags: string[];
  models: string[] | null;
  providers: string[] | null;
  ip_ranges: string[] | null;
  capture: KeyChange['capture'];
};

export function readKeyChange(row: KeyChangeRow): KeyChange {
  return {
    sequence: Number(row.sequence),
    id: row.id,
    name: row.name,
    organizationId: row.organization_id,
    projectId: row.project_id,
    kind: row.kind,
    mode: row.mode,
    environment: row.environment,
    permissions: row.permissions,
    digest: row.digest,
    expiresAtMs: row.expires_at?.getTime(),
    revokedAtMs: row.revoked_at?.getTime(),
    requestsPerMinuteMax: row.requests_per_minute_max,
    concurrencyMax: row.concurrency_max,
    ...(row.tags.length > 0 && { tags: row.tags }),
    ...(row.models !== null && { models: row.models }),
    ...(row.providers !== null && { providers: row.providers }),
    ...(row.ip_ranges !== null && { ipRanges: row.ip_ranges }),
    capture: row.capture,
  };
}
