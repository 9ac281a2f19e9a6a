import { z } from 'zod';

const days = z.int().min(1).max(3_650).nullable();

/** How long a project keeps what; null keeps it until somebody deletes it. */
export const RetentionPolicy = z.object({
  /** What was asked and answered. Traces stay readable without it. */
  contents_days: days,
  /** Whole traces: tokens, cost, times, and their contents at the latest. */
  traces_days: days,
  /** Replies kept by /v1/responses, and conversations that nobody uses. */
  responses_days: days,
  conversations_days: days,
  /** When contents take more than this, the oldest go first. */
  contents_bytes_max: z.int().min(1_000_000).nullable(),
});
export type RetentionPolicy = z.infer<typeof RetentionPolicy>;
export const RetentionChange = z.strictObject(RetentionPolicy.partial().shape);
export type RetentionChange = z.infer<typeof RetentionChange>;

/** What a project's data takes now. */
export const StorageUse = z.object({
  traces: z.int(),
  spans: z.int(),
  trace_bytes: z.int(),
  contents: z.int(),
  content_bytes: z.int(),
  responses: z.int(),
  oldest_at: z.iso.datetime().nullable(),
});
export type StorageUse = z.infer<typeof StorageUse>;

/** What is meant: at least one field; several must all hold. */
export const DataFilter = z.strictObject({
  trace_id: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'must be 32 lower-case hexadecimal digits')
    .optional(),
  user: z.string().min(1).max(256).optional(),
  session: z.string().min(1).max(256).optional(),
  tag: z.string().min(1).max(64).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
});
export type DataFilter = z.infer<typeof DataFilter>;

export const NewDeletion = z.strictObject({
  filter: DataFilter,
  /** Counts what would be deleted, and deletes nothing. */
  dry_run: z.boolean().default(false),
});
export type NewDeletion = z.input<typeof NewDeletion>;

const counts = z.object({
  traces: z.int(),
  spans: z.int(),
  contents: z.int(),
  responses: z.int(),
  /** What alerts and anomalies kept of a user. Receipts from before this was looked at say nothing of it. */
  alerts: z.int().optional(),
  /** Freed on the disk of the trace store, as far as it can tell. */
  bytes: z.int(),
});

/** Signed when nothing of what was meant is left in any store; whoever has the public key can check it. */
export const DeletionReceipt = z.object({
  deletion_id: z.string(),
  organization_id: z.string(),
  project_id: z.string(),
  filter: DataFilter,
  requested_at: z.iso.datetime(),
  finished_at: z.iso.datetime(),
  deleted: counts,
  /** Where was looked, and what was found left there: always 0. */
  swept: z.array(z.object({ place: z.string(), left: z.int() })),
  key_id: z.string(),
  /** Ed25519 over the canonical JSON of everything above, base64url. */
  signature: z.string(),
});
export type DeletionReceipt = z.infer<typeof DeletionReceipt>;

export const Deletion = z.object({
  id: z.string(),
  state: z.enum(['counting', 'deleting', 'sweeping', 'done', 'failed', 'counted']),
  filter: DataFilter,
  dry_run: z.boolean(),
  deleted: counts,
  /** 0 to 1. */
  progress: z.number(),
  requested_at: z.iso.datetime(),
  requested_by: z.string().nullable(),
  finished_at: z.iso.datetime().nullable(),
  error: z.string().nullable(),
  receipt: DeletionReceipt.nullable(),
});
export type Deletion = z.infer<typeof Deletion>;
export const DeletionList = z.object({ data: z.array(Deletion), next_cursor: z.string().nullable() });
export type DeletionList = z.infer<typeof DeletionList>;
export const DeletionSearch = z.strictObject({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type DeletionSearch = z.infer<typeof DeletionSearch>;

/** What an export is about; without a field, everything that the project has. */
export const ExportSearch = z.strictObject({
  user: z.string().min(1).max(256).optional(),
  session: z.string().min(1).max(256).optional(),
  tag: z.string().min(1).max(64).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
});
export type ExportSearch = z.infer<typeof ExportSearch>;
/** One line: the first is `export`, the last `end` with how many lines there were of each kind. */
export const ExportLine = z.object({ kind: z.string() }).loose();
export type ExportLine = z.infer<typeof ExportLine>;
