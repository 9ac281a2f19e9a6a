import { z } from 'zod';

/** USD, as a decimal, so that no rate is ever a rounded float. */
const dollars = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(
    z
      .string()
      .regex(/^\d{1,6}(\.\d{1,6})?$/, 'is not a price in USD per million tokens with at most six decimals'),
  );

/** Classes of tokens, by their name in the file. */
const rates = {
  input: dollars,
  output: dollars,
  cache_read: dollars.optional().describe('Read from a cache.'),
  cache_read_audio: dollars.optional().describe('Sound that was read from a cache. Default: an estimate.'),
  cache_read_image: dollars.optional().describe('Images that were read from a cache. Default: `cache_read`.'),
  cache_write: dollars.optional().describe('Written to a cache that lives five minutes.'),
  cache_write_1h: dollars.optional().describe('Written to a cache that lives an hour.'),
  input_audio: dollars.optional().describe('Sound that goes in. Default: an estimate.'),
  input_image: dollars.optional().describe('Images that go in. Default: `input`.'),
  thinking: dollars.optional().describe('What the model thinks. Default: `output`.'),
  output_audio: dollars.optional().describe('Sound that comes out. Default: an estimate.'),
  output_image: dollars.optional().describe('Images that come out. Default: an estimate.'),
};

const queue = z
  .strictObject({
    ...rates,
    input: dollars.optional(),
    output: dollars.optional(),
    times: z
      .union([z.string(), z.number()])
      .transform(String)
      .pipe(z.string().regex(/^\d{1,3}(\.\d{1,6})?$/, 'is not a multiple such as 0.5'))
      .optional()
      .describe('A multiple of the default queue’s rates, in the place of rates of its own.'),
  })
  .refine(
    ({ times, input, output }) =>
      times === undefined ? input !== undefined && output !== undefined : input === undefined,
    'needs either `times` or rates of its own with `input` and `output`',
  );

/** The operator's own price of a model. */
export const PriceEntry = z
  .strictObject({
    ...rates,
    tiers: z
      .array(z.strictObject({ above_input_tokens: z.int().min(0).max(100_000_000), ...rates }))
      .max(10)
      .default([])
      .describe('Other rates for a whole call with more input than so many tokens, cached or not.'),
    service_tiers: z
      .record(z.string().regex(/^[a-z0-9_-]{1,40}$/), queue)
      .default({})
      .describe(
        'What other queues cost, by the name with which the provider answers: `flex`, `priority`, `batch`.',
      ),
    tool_fees: z
      .strictObject({
        web_search: dollars.optional(),
        web_fetch: dollars.optional(),
        file_search: dollars.optional(),
        code_execution: dollars.optional(),
        map_search: dollars.optional(),
        social_search: dollars.optional(),
        image_generation: dollars.optional(),
      })
      .default({})
      .describe('USD per thousand uses of tools that the provider runs.'),
    requests: dollars.optional().describe('USD per thousand requests, beside their tokens.'),
    sound_hour: dollars.optional().describe('USD per hour of sound that is transcribed.'),
  })
  .describe('Your own price in USD per million tokens; it replaces the price table for this model.');
export type PriceEntry = z.infer<typeof PriceEntry>;

/** What a contract takes off. */
export const Discount = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(
    z
      .string()
      .regex(
        /^(100(\.0{1,6})?|\d{1,2}(\.\d{1,6})?)$/,
        'is not a percentage from 0 to 100 with at most six decimals',
      ),
  );
