import { z } from 'zod';

/** Exact money: integer nano-dollars, and the same as a decimal string in USD. */
export const Money = z.object({ nanos: z.int(), usd: z.string() });
export type Money = z.infer<typeof Money>;
