import type { Count, Limit, Measure, Period } from '../limits/limit.ts';
import { usdOf } from '../reply/reply-headers.ts';

/** How a limit is called in a message: its kind, its name, and whose calls it counts. */
export function limitName({ limit, subject }: Pick<Count, 'limit' | 'subject'>): string {
  const kind = kindOf(limit);
  // Clients look for this word, and it is kept for errors that are about a quota.
  const isMisleading = kind !== QUOTA && /quota/i.test(limit.name);
  const name = isMisleading || limit.name === '' ? limit.id : limit.name.slice(0, NAME_CHARS_MAX);
  return `${kind} "${name}" of ${scopeWords(limit, subject)}`;
}

const NAME_CHARS_MAX = 100;
const QUOTA = 'The quota';

function kindOf({ budget, measure, period }: Limit): string {
  if (budget !== undefined) return 'The budget';
  return isCalendar(period) && measure !== 'cost' ? QUOTA : 'The limit';
}

function scopeWords({ scope }: Limit, subject: string): string {
  const name = (subject === '' ? scope.id : subject).slice(0, NAME_CHARS_MAX);
  switch (scope.kind) {
    case 'user':
    case 'model':
    case 'tag':
      return `the ${scope.kind} \`${name}\``;
    default:
      return `this ${scope.kind}`;
  }
}

/** `$10 per month`, `100 requests per minute`. */
export function amountWords(amount: number, { measure, period }: Pick<Limit, 'measure' | 'period'>): string {
  const what = measure === 'cost' ? `$${usdOf(amount)}` : `${amount} ${UNITS[measure]}`;
  return period === undefined ? what : `${what} per ${period}`;
}

export const UNITS: { readonly [measure in Exclude<Measure, 'cost'>]: string } = {
  requests: 'requests',
  input_tokens: 'input tokens',
  output_tokens: 'output tokens',
  tokens: 'tokens',
  concurrency: 'calls under way',
};

/** A wait in words: `5 s`, `3 min`, `7 h`, `12 days`. Never less than it is. */
export function waitWords(ms: number): string {
  for (const [unitMs, unit, max] of WAITS) {
    const count = Math.max(1, Math.ceil(ms / unitMs));
    if (count < max) return `${count} ${unit}`;
  }
  return `${Math.ceil(ms / DAY_MS)} days`;
}

const DAY_MS = 86_400_000;
const WAITS: readonly (readonly [number, string, number])[] = [
  [1_000, 's', 120],
  [60_000, 'min', 120],
  [3_600_000, 'h', 48],
];

/** Limits on calendar periods are quotas, whose refusals no retry helps against. */
export function isCalendar(period: Period | undefined): boolean {
  return period === 'day' || period === 'month';
}
