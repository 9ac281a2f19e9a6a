import { z } from 'zod';

/** How far the trace store is behind, and what was lost: what is dropped is always counted here. */
export const IngestStatus = z.object({
  /** Records waiting on disk until the trace store takes them. */
  waiting_bytes: z.int(),
  waiting_segments: z.int(),
  /** Age of the oldest waiting segment in seconds; null when nothing waits. */
  lag_seconds: z.number().nullable(),
  /** Since this server started: records lost whole, and records kept without their content. */
  dropped_records: z.int(),
  dropped_contents: z.int(),
  /** Why the last load failed; null when it succeeded. */
  last_error: z.string().nullable(),
});
export type IngestStatus = z.infer<typeof IngestStatus>;
