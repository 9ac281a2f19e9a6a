import { z } from 'zod';
import { count } from './field-kinds.ts';

/** What watches calls, keys and people, and tells of what it finds. */
export const AlertSettings = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe(
      'Whether this server looks at alerts and for anomalies. Several servers take turns by themselves.',
    ),
  history_days: count(3_650)
    .default(90)
    .describe('How long is kept what alerts told, and anomalies that are over.'),
});
export type AlertSettings = z.infer<typeof AlertSettings>;
