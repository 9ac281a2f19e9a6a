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

/** A judgement that somebody gives. It is about a trace, one of its spans, or a session. */
export const NewScore = z
  .strictObject({
    trace_id: z
      .string()
      .regex(/^[0-9a-f]{32}$/, 'must be 32 lower-case hexadecimal digits')
      .optional(),
    span_id: z
      .string()
      .regex(/^[0-9a-f]{16}$/, 'must be 16 lower-case hexadecimal digits')
      .optional(),
    session_id: z.string().min(1).max(256).optional(),
    name: z.string().min(1).max(200),
    value: z.union([z.number(), z.string().min(1).max(500), z.boolean()]),
    comment: z.string().max(4_000).optional(),
    source: z.enum(['user', 'evaluation', 'annotation', 'api']).optional(),
  })
  .refine((score) => score.trace_id !== undefined || score.session_id !== undefined, {
    message: 'name the trace or the session that it is about',
    path: ['trace_id'],
  })
  .refine((score) => score.span_id === undefined || score.trace_id !== undefined, {
    message: 'a span is found by its trace; name it too',
    path: ['trace_id'],
  });
export type NewScore = z.infer<typeof NewScore>;

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
