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
  created_at: z.iso.datetime(),
  created_by: z.string().nullable(),
  expires_at: z.iso.datetime().nullable(),
  revoked_at: z.iso.datetime().nullable(),
  last_used_at: z.iso.datetime().nullable(),
  last_used_ip: z.string().nullable(),
});
export type Key = z.infer<typeof Key>;

export const NewKey = z.strictObject({
  name: z.string().trim().min(1).max(128),
  kind: KeyKind.default('gateway'),
  mode: KeyMode.default('live'),
  environment: z.string().trim().min(1).max(64).optional(),
  permissions: z.array(Permission).min(1).optional(),
  expires_at: z.iso.datetime().optional(),
  requests_per_minute_max: z.int().min(1).max(10_000_000).optional(),
  concurrency_max: z.int().min(1).max(100_000).optional(),
});
export type NewKey = z.input<typeof NewKey>;

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
