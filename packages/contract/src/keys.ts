import { z } from 'zod';
import { Permission } from './permissions.ts';

export const KeyKind = z.enum(['gateway', 'ingest']);
export type KeyKind = z.infer<typeof KeyKind>;
export const KeyMode = z.enum(['live', 'test']);
export type KeyMode = z.infer<typeof KeyMode>;

/** A key as it is listed: never its secret, never its digest. */
export const Key = z.object({
  id: z.string(),
  name: z.string(),
  kind: KeyKind,
  mode: KeyMode,
  environment: z.string(),
  permissions: z.array(Permission),
  /** For recognising a key: its prefix and last four characters. */
  prefix: z.string(),
  last_four: z.string(),
  requests_per_minute_max: z.int(),
  concurrency_max: z.int(),
  /** Who answers for it: an e-mail address, a team. */
  owner: z.string().nullable(),
  tags: z.array(z.string()),
  /** What it is confined to; null confines nothing. */
  models: z.array(z.string()).nullable(),
  providers: z.array(z.string()).nullable(),
  ip_ranges: z.array(z.string()).nullable(),
  /** The key that took its place; it works until `expires_at`. */
  replaced_by: z.string().nullable(),
  /** The key whose place it took. */
  replaces: z.string().nullable(),
  created_at: z.iso.datetime(),
  created_by: z.string().nullable(),
  expires_at: z.iso.datetime().nullable(),
  revoked_at: z.iso.datetime().nullable(),
  last_used_at: z.iso.datetime().nullable(),
  last_used_ip: z.string().nullable(),
});
export type Key = z.infer<typeof Key>;

const owner = z.string().trim().min(1).max(254);
const tags = z.array(z.string().trim().min(1).max(64)).max(20);
const models = z.array(z.string().trim().min(1).max(200)).min(1).max(200);
const providers = z.array(z.string().trim().min(1).max(64)).min(1).max(100);
/** Addresses and CIDR ranges, IPv4 and IPv6. */
const ipRanges = z.array(z.string().trim().min(2).max(64)).min(1).max(100);

export const NewKey = z.strictObject({
  name: z.string().trim().min(1).max(128),
  kind: KeyKind.default('gateway'),
  mode: KeyMode.default('live'),
  environment: z.string().trim().min(1).max(64).optional(),
  permissions: z.array(Permission).min(1).optional(),
  expires_at: z.iso.datetime().optional(),
  requests_per_minute_max: z.int().min(1).max(10_000_000).optional(),
  concurrency_max: z.int().min(1).max(100_000).optional(),
  owner: owner.optional(),
  tags: tags.optional(),
  models: models.optional(),
  providers: providers.optional(),
  ip_ranges: ipRanges.optional(),
});
export type NewKey = z.input<typeof NewKey>;

/** What may change of a key that exists. `null` takes a confinement away. */
export const KeyChange = z.strictObject({
  name: z.string().trim().min(1).max(128).optional(),
  permissions: z.array(Permission).min(1).optional(),
  expires_at: z.iso.datetime().nullable().optional(),
  requests_per_minute_max: z.int().min(1).max(10_000_000).optional(),
  concurrency_max: z.int().min(1).max(100_000).optional(),
  owner: owner.nullable().optional(),
  tags: tags.optional(),
  models: models.nullable().optional(),
  providers: providers.nullable().optional(),
  ip_ranges: ipRanges.nullable().optional(),
});
export type KeyChange = z.infer<typeof KeyChange>;

/** How long the old key goes on beside the new one; 0 ends it at once. */
export const KeyRotation = z.strictObject({
  overlap_seconds: z.int().min(0).max(7_776_000).default(86_400),
});
export type KeyRotation = z.input<typeof KeyRotation>;

export const KeySearch = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});
export type KeySearch = z.infer<typeof KeySearch>;

/** The only answer that ever holds the secret. */
export const CreatedKey = z.object({ key: Key, secret: z.string() });
export type CreatedKey = z.infer<typeof CreatedKey>;

export const KeyList = z.object({ data: z.array(Key), next_cursor: z.string().nullable() });
export type KeyList = z.infer<typeof KeyList>;
