import { z } from 'zod';

/** How far the trace store is behind, and what was lost: what is dropped is always counted here. */
export const IngestStatus = z.object({
  /** Records waiting on disk until the trace store takes them. */
  waiting_bytes: z.int(),
  waiting_segments: z.int(),
  /** Age of the oldest waiting record; 0 when nothing waits. */
  lag_seconds: z.number(),
  /** Since this server started: records lost whole, and records kept without their content. */
  dropped_records: z.int(),
  dropped_contents: z.int(),
  /** Tries to load that failed since this server started, and segments that can never be loaded. */
  failed_loads: z.int(),
  set_aside_segments: z.int(),
  /** Rows that the trace store refused for what they are; all others of their segments were stored. */
  refused_rows: z.int().optional(),
  /** Spans of this project since this server started, and those of them that were refused. */
  received_spans: z.int().optional(),
  rejected_spans: z.int().optional(),
  /** What senders say they lost in the last 24 hours before it reached us, by reason. */
  lost_by_senders: z.array(z.object({ reason: z.string(), spans: z.int() })).optional(),
});
export type IngestStatus = z.infer<typeof IngestStatus>;
