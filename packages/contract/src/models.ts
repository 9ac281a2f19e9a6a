import { z } from 'zod';

/** `GET /v1/models` in OpenAI's shape. */
export const ModelList = z.object({
  object: z.literal('list'),
  data: z.array(
    z.object({ id: z.string(), object: z.literal('model'), created: z.int(), owned_by: z.string() }),
  ),
});
export type ModelList = z.infer<typeof ModelList>;
