import { z } from 'zod';
import { Money } from './money.ts';

export const OverviewRange = z.enum(['1h', '24h', '7d', '30d']);
export type OverviewRange = z.infer<typeof OverviewRange>;

export const OverviewSearch = z.strictObject({
  range: OverviewRange.default('24h'),
  mode: z.enum(['live', 'test']).optional(),
  environment: z.string().max(64).optional(),
});
export type OverviewSearch = z.infer<typeof OverviewSearch>;

/** One card: the range asked for, and the range of equal length before it. */
const Figure = z.object({ now: z.number(), before: z.number().nullable() });

export const Overview = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  spend: z.object({ now: Money, before: Money.nullable() }),
  latency_p99_ms: Figure,
  traces: Figure,
  /** Failed calls over all calls, 0 to 1. */
  error_rate: Figure,
  /** Spend per bucket and model; every series has one value per bucket. */
  spend_by_model: z.object({
    /** Bucket starts, epoch seconds. */
    times: z.array(z.int()),
    series: z.array(z.object({ model: z.string(), usd: z.array(z.number()), total: Money })),
  }),
});
export type Overview = z.infer<typeof Overview>;
