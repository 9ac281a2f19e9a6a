import { z } from 'zod';

/** One SELECT over the project's own data. */
export const SqlQuestion = z.strictObject({
  sql: z.string().min(1).max(20_000),
  rows_max: z.int().min(1).max(10_000).default(1_000),
});
export type SqlQuestion = z.input<typeof SqlQuestion>;
export const SqlAnswer = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.json())),
  /** There were more rows than were asked for. */
  is_cut: z.boolean(),
  duration_ms: z.number(),
});
export type SqlAnswer = z.infer<typeof SqlAnswer>;

/** What can be asked: tables and columns with a sentence each. */
export const SqlSchema = z.object({
  tables: z.array(
    z.object({
      name: z.string(),
      about: z.string(),
      columns: z.array(z.object({ name: z.string(), type: z.string(), about: z.string() })),
    }),
  ),
});
export type SqlSchema = z.infer<typeof SqlSchema>;
