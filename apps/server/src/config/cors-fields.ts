import { z } from 'zod';
import { isLoopback } from './is-loopback.ts';

/** An origin to the letter, as browsers write it. Patterns, `*` and `null` are none. */
const Origin = z.string().max(300).refine(isOrigin, {
  error:
    'must be an origin such as https://app.example.com: https, a host and at most a port; http for localhost only, and never "*", "null" or a pattern',
});

/** Which pages of other sites may call models from a browser, with an API key of their own. */
export const Cors = z.strictObject({
  origins: z
    .array(Origin)
    .max(200)
    .default([])
    .describe(
      'Origins whose pages may call models with a key, each to the letter. Cookies are never accepted from them, and the management API never answers them. Default: none.',
    ),
  max_age_seconds: z
    .int()
    .min(0)
    .max(86_400)
    .default(600)
    .describe('How long browsers remember the permission.'),
});
export type Cors = z.infer<typeof Cors>;

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  // The URL parser takes `*` for a host name like any other.
  if (url === null || url.origin !== text || text.includes('*')) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}
