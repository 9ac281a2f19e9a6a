import { z } from 'zod';

/** What calls can be grouped by. */
export const Dimension = z.enum([
  'model',
  'provider',
  'user_id',
  'session_id',
  'key_id',
  'environment',
  'service',
  'release',
  'prompt_name',
  'prompt_version',
  'name',
  'type',
  'source',
  'outcome',
  'error_code',
  'tag',
  'cost_label',
  'service_tier',
  'finish_reason',
]);
export type Dimension = z.infer<typeof Dimension>;

export const Measure = z.enum([
  'calls',
  'failed',
  'error_rate',
  'cost',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'latency_p50_ms',
  'latency_p95_ms',
  'latency_p99_ms',
  'ttft_p50_ms',
  'ttft_p95_ms',
  'users',
  'sessions',
]);
export type Measure = z.infer<typeof Measure>;

const listOf = <T extends z.ZodType<string, string>>(item: T, max: number) =>
  z
    .string()
    .max(400)
    .transform((text) => text.split(','))
    .pipe(z.array(item).min(1).max(max));

export const AnalysisSearch = z.strictObject({
  range: z.enum(['1h', '24h', '7d', '30d']).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  filter: z.string().max(4_000).optional(),
  mode: z.enum(['live', 'test']).optional(),
  environment: z.string().max(64).optional(),
  /** Comma-separated, at most three. Without it one group holds everything. */
  by: listOf(Dimension, 3).optional(),
  /** Comma-separated. */
  measures: listOf(Measure, 14).optional(),
  /** Also one value per bucket of time, for this measure. */
  series: Measure.optional(),
  /** Groups are sorted by this measure, the largest first. */
  order: Measure.default('cost'),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export type AnalysisSearch = z.infer<typeof AnalysisSearch>;

const measured = z.partialRecord(Measure, z.number().nullable());

/** Costs are in dollars here; sums of money to the cent are in the lists of traces and in exports. */
export const Analysis = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  total: measured,
  /** Bucket starts, epoch seconds; empty unless a series was asked for. */
  times: z.array(z.int()),
  groups: z.array(
    z.object({
      keys: z.partialRecord(Dimension, z.string()),
      measures: measured,
      series: z.array(z.number().nullable()).optional(),
    }),
  ),
  /** There are more groups than `limit`. */
  is_cut: z.boolean(),
});
export type Analysis = z.infer<typeof Analysis>;
