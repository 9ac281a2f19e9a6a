import { z } from 'zod';
import { Money } from './money.ts';
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
  /** When the new key ends, `null` for never; the same as the old one when absent. */
  expires_at: z.iso.datetime().nullable().optional(),
});
export type KeyRotation = z.input<typeof KeyRotation>;

/** `expiring`: active, and ends within two weeks. A key that was replaced is active until it ends. */
export const KeyStatus = z.enum(['active', 'expiring', 'expired', 'revoked']);
export type KeyStatus = z.infer<typeof KeyStatus>;

export const KeySearch = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
  /** Any part of the name, in upper or lower case. */
  name: z.string().min(1).max(128).optional(),
  kind: KeyKind.optional(),
  mode: KeyMode.optional(),
  status: KeyStatus.optional(),
  owner: z.string().min(1).max(254).optional(),
  tag: z.string().min(1).max(64).optional(),
  /** Neither made nor used since then. */
  unused_since: z.iso.datetime().optional(),
});
export type KeySearch = z.infer<typeof KeySearch>;

/** The only answer that ever holds the secret. */
export const CreatedKey = z.object({ key: Key, secret: z.string() });
export type CreatedKey = z.infer<typeof CreatedKey>;

/** The new key with its secret, and the old one as it is now. */
export const RotatedKey = CreatedKey.extend({ replaced: Key });
export type RotatedKey = z.infer<typeof RotatedKey>;

export const KeyList = z.object({ data: z.array(Key), next_cursor: z.string().nullable() });
export type KeyList = z.infer<typeof KeyList>;

export const KeyUsageRange = z.enum(['24h', '7d', '30d']);
export type KeyUsageRange = z.infer<typeof KeyUsageRange>;

export const KeyUsageSearch = z.strictObject({ range: KeyUsageRange.default('24h') });
export type KeyUsageSearch = z.infer<typeof KeyUsageSearch>;

const keyIds = z
  .string()
  .max(8_000)
  .transform((text) => text.split(','))
  .pipe(z.array(z.string().regex(/^[\w-]{1,64}$/, 'must be ids of keys, separated by commas')).max(200));

/** The usage of the keys of one page of the list. */
export const KeyUsageListSearch = KeyUsageSearch.extend({ ids: keyIds });
export type KeyUsageListSearch = z.infer<typeof KeyUsageListSearch>;

/** What a key's calls add up to over a range. Every series has one value per bucket. */
export const KeyUsage = z.object({
  key_id: z.string(),
  requests: z.int(),
  errors: z.int(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  cost: Money,
  /** The start of the newest call in the range. */
  last_call_at: z.iso.datetime().nullable(),
  series: z.object({
    requests: z.array(z.int()),
    errors: z.array(z.int()),
    tokens: z.array(z.int()),
    cost_nanos: z.array(z.int()),
  }),
});
export type KeyUsage = z.infer<typeof KeyUsage>;

const usageRange = {
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Bucket starts, epoch seconds. */
  times: z.array(z.int()),
};

export const KeyUsageList = z.object({ ...usageRange, data: z.array(KeyUsage) });
export type KeyUsageList = z.infer<typeof KeyUsageList>;

/** One key's usage, with its last use, which is known for longer than any range. */
export const OneKeyUsage = z.object({
  ...usageRange,
  usage: KeyUsage,
  last_used_at: z.iso.datetime().nullable(),
  last_used_ip: z.string().nullable(),
});
export type OneKeyUsage = z.infer<typeof OneKeyUsage>;
