import { z } from 'zod';
import { Money } from './money.ts';

const moment = z.iso.datetime({ offset: true });

/** Which calls to price again: those that began in the range. */
export const NewRepricing = z.strictObject({
  from: moment,
  /** Not in the range itself; now when absent. */
  to: moment.optional(),
  /** False, the default, changes nothing and tells what would change. */
  apply: z.boolean().default(false),
});
export type NewRepricing = z.infer<typeof NewRepricing>;

/** What attempts at one model cost before and after. */
export const RepricedLine = z.object({
  provider: z.string(),
  model: z.string(),
  attempts: z.int(),
  changed: z.int(),
  before: Money,
  after: Money,
  difference: Money,
  unknown_before: z.int(),
  unknown_after: z.int(),
  /** Left as they were, because no price is known today. */
  kept: z.int(),
  price_versions_before: z.array(z.string()),
  price_versions_after: z.array(z.string()),
});
export type RepricedLine = z.infer<typeof RepricedLine>;

export const Repricing = z.object({
  id: z.string(),
  from: moment,
  to: moment,
  applied: z.boolean(),
  status: z.enum(['running', 'done', 'failed']),
  requested_by: z.string().nullable(),
  created_at: moment,
  updated_at: moment,
  ended_at: moment.nullable(),
  error: z.string().nullable(),
  calls: z.object({ done: z.int(), total: z.int(), changed: z.int() }),
  /** Of the calls that are done. */
  total: z.object({ before: Money, after: Money, difference: Money }),
  models: z.array(RepricedLine),
});
export type Repricing = z.infer<typeof Repricing>;

export const RepricingList = z.object({ data: z.array(Repricing) });
