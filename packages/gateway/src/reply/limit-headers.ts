import type { Count, Measure } from '../limits/limit.ts';
import { type Headers, openAiDuration } from './reply-headers.ts';

/** `x-ratelimit-*` in OpenAI's form: of all limits that count this call, the one with least left. Empty without any. */
export function limitHeaders(counts: readonly Count[]): Headers {
  const headers: Headers = {};
  add(headers, 'requests', tightest(counts, REQUESTS));
  add(headers, 'tokens', tightest(counts, TOKENS));
  return headers;
}

const REQUESTS: ReadonlySet<Measure> = new Set(['requests']);
const TOKENS: ReadonlySet<Measure> = new Set(['tokens', 'input_tokens', 'output_tokens']);

function tightest(counts: readonly Count[], measures: ReadonlySet<Measure>): Count | undefined {
  let found: Count | undefined;
  for (const count of counts) {
    if (!measures.has(count.limit.measure) || count.limit.enforcement === 'shadow') continue;
    if (found === undefined || isTighter(count, found)) found = count;
  }
  return found;
}

function isTighter(one: Count, other: Count): boolean {
  const difference = remainingOf(one) - remainingOf(other);
  return difference < 0 || (difference === 0 && one.resetMs > other.resetMs);
}

function remainingOf({ max, used }: Count): number {
  return Math.max(0, max - used);
}

function add(headers: Headers, what: 'requests' | 'tokens', count: Count | undefined): void {
  if (count === undefined) return;
  headers[`x-ratelimit-limit-${what}`] = String(count.max);
  headers[`x-ratelimit-remaining-${what}`] = String(remainingOf(count));
  headers[`x-ratelimit-reset-${what}`] = openAiDuration(count.resetMs);
}
