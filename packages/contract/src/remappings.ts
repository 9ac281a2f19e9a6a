import { z } from 'zod';

const moment = z.iso.datetime({ offset: true });

/** Which received spans to read anew by the newest mapping: those that began in the range. */
export const NewRemapping = z.strictObject({
  from: moment,
  /** Not in the range itself; now when absent. */
  to: moment.optional(),
  /** True, the default, changes nothing and counts what would change. */
  dry_run: z.boolean().default(true),
  /** Spans of the newest mapping too, not only those of older ones. */
  force: z.boolean().default(false),
});
export type NewRemapping = z.infer<typeof NewRemapping>;

export const Remapping = z.object({
  id: z.string(),
  from: moment,
  to: moment,
  dry_run: z.boolean(),
  force: z.boolean(),
  status: z.enum(['running', 'done', 'failed']),
  requested_by: z.string().nullable(),
  created_at: moment,
  updated_at: moment,
  ended_at: moment.nullable(),
  error: z.string().nullable(),
  /** `lost` are those whose attributes were deleted: they stay as they are. */
  spans: z.object({ done: z.int(), total: z.int(), changed: z.int(), lost: z.int() }),
});
export type Remapping = z.infer<typeof Remapping>;

export const RemappingList = z.object({ data: z.array(Remapping) });
export type RemappingList = z.infer<typeof RemappingList>;
