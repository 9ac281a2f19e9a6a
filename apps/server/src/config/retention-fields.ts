import { z } from 'zod';
import { count } from './field-kinds.ts';

/** When what was stored is deleted; a project may decide for itself on its page or through the API. */
export const Retention = z.strictObject({
  limit_usage_days: count(3_650)
    .min(35)
    .default(400)
    .describe('How long is kept what each day and month used of its limits and budgets.'),
  stored_responses_days: count(3_650)
    .default(30)
    .describe('How long a reply of /v1/responses is kept, with what it was asked.'),
  conversations_days: count(3_650)
    .optional()
    .describe('How long a conversation that nobody uses is kept. Default: until it is deleted.'),
  contents_days: count(3_650)
    .optional()
    .describe(
      'How long is kept what was asked and answered; traces stay readable without it. Default: as the trace.',
    ),
  traces_days: count(3_650)
    .optional()
    .describe('How long whole traces are kept. Default: until they are deleted.'),
  contents_bytes: count(1_000_000_000_000_000)
    .min(1_000_000)
    .optional()
    .describe('What the contents of one project may take, before they are compressed; the oldest go first.'),
});
