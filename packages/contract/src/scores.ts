import { z } from 'zod';

/** A judgement about a trace, one of its spans, or a session. */
export const Score = z.object({
  id: z.string(),
  trace_id: z.string().nullable(),
  span_id: z.string().nullable(),
  session_id: z.string().nullable(),
  name: z.string(),
  /** A number, a category, or yes and no. */
  value: z.union([z.number(), z.string(), z.boolean()]),
  comment: z.string().nullable(),
  source: z.enum(['user', 'evaluation', 'annotation', 'api']),
  author: z.string().nullable(),
  at: z.iso.datetime(),
});
export type Score = z.infer<typeof Score>;

export const ScoreSearch = z.strictObject({
  trace_id: z.string().max(64).optional(),
  session_id: z.string().max(256).optional(),
  name: z.string().max(200).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  cursor: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type ScoreSearch = z.infer<typeof ScoreSearch>;
export const ScoreList = z.object({ data: z.array(Score), next_cursor: z.string().nullable() });
export type ScoreList = z.infer<typeof ScoreList>;
