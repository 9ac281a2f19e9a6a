import { type ErrorDetail, GatewayError } from '@app/protocol';
import type { Claim, Count } from '../limits/limit.ts';
import { type LimitName, limitNameOf } from '../record/note-limit.ts';
import { amountWords, isCalendar, limitName, UNITS, waitWords } from './limit-words.ts';

/** A count that refused a call, and what the call asked of it. */
export type Refusing = { count: Count; amount: number };

/**
 * Why a call was refused, in the words of the limit that keeps it out longest: which limit, whose, and what to do.
 * Retry-After is there where a minute's wait helps; where it does not, clients are told not to try again.
 */
export function limitError(
  refusing: readonly [Refusing, ...Refusing[]],
): LimitName & { error: GatewayError } {
  const [first, ...others] = refusing;
  const last = others.reduce((longest, one) => (weightOf(one) > weightOf(longest) ? one : longest), first);
  return { error: errorOf(last), ...limitNameOf(last.count.limit) };
}

function errorOf(refusing: Refusing): GatewayError {
  const { measure, period } = refusing.count.limit;
  if (measure === 'cost') return budgetError(refusing);
  if (measure === 'concurrency') return concurrencyError(refusing);
  if (isCalendar(period)) return quotaError(refusing);
  return measure === 'requests' ? requestsError(refusing) : tokensError(refusing);
}

/** The counts that refused, with what was asked of them. Counts come in the order of their claims. */
export function refusingOf(claims: readonly Claim[], counts: readonly Count[]): Refusing[] {
  const found: Refusing[] = [];
  for (const [at, count] of counts.entries()) {
    if (!count.isExceeded || count.limit.enforcement === 'shadow') continue;
    found.push({ count, amount: claims[at]?.amount ?? 0 });
  }
  return found;
}

/** Money first, then what takes longest to come back. */
function weightOf({ count }: Refusing): number {
  const { measure, period } = count.limit;
  return (measure === 'cost' ? 8 : 0) + PERIODS.indexOf(period ?? 'none');
}

const PERIODS = ['none', 'minute', 'hour', 'day', 'month'];

/** The implicit limits of a key have no name that anybody gave them. */
function isKeysOwn({ limit }: Count): boolean {
  return limit.id.startsWith('key_') || limit.name === '';
}

function requestsError({ count }: Refusing): GatewayError {
  const { limit, max } = count;
  const allowed = `${max} ${UNITS.requests} per ${limit.period}`;
  const who = isKeysOwn(count) ? `This key may make ${allowed}.` : `${limitName(count)} is ${allowed}.`;
  const again = againOf(count, max < 1);
  return new GatewayError('rate_limit_exceeded', `${who} ${again.words}`, again.detail);
}

function tokensError({ count, amount }: Refusing): GatewayError {
  const { limit, max } = count;
  const needs = `This call may take up to ${amount} of them: its input, and as many tokens of output as it allows.`;
  const again = againOf(count, amount > max);
  const message = `${limitName(count)} is ${amountWords(max, limit)}. ${needs} ${again.words}`;
  return new GatewayError('token_limit_exceeded', message, again.detail);
}

function concurrencyError({ count }: Refusing): GatewayError {
  const { max } = count;
  const who = isKeysOwn(count)
    ? `This key has ${max} calls under way, which is its limit.`
    : `${limitName(count)} is ${max} calls under way at a time.`;
  const message = `${who} Try again when one has ended.`;
  return new GatewayError('concurrency_limit_exceeded', message, { retryAfterS: 1 });
}

function quotaError({ count, amount }: Refusing): GatewayError {
  const { limit, max, used } = count;
  const left = Math.max(0, max - used);
  const short = left === 0 ? 'It is used up.' : `${left} are left, and this call may take up to ${amount}.`;
  const message = `${limitName(count)} is ${amountWords(max, limit)}. ${short} ${anewOf(count)}`;
  return new GatewayError('quota_exceeded', message, { retryable: false });
}

function budgetError({ count, amount }: Refusing): GatewayError {
  const { limit, max, used } = count;
  const left = amountWords(Math.max(0, max - used), { measure: 'cost', period: undefined });
  const needs = amountWords(amount, { measure: 'cost', period: undefined });
  const short = `${left} is left, and this call may cost up to ${needs}.`;
  const message = `${limitName(count)} is ${amountWords(max, limit)}. ${short}`;
  if (limit.budget?.action.kind === 'ask') {
    const asked = `${message} Its owner was asked for more: try again when it was granted.`;
    return new GatewayError('budget_exceeded', asked, { retryable: false });
  }
  const again = moneyAgainOf(count, amount);
  return new GatewayError('budget_exceeded', `${message} ${again.words}`, again.detail);
}

function moneyAgainOf(count: Count, amount: number): Again {
  const { limit, max, reserved = 0, retryAfterMs, resetMs } = count;
  if (!isCalendar(limit.period)) return againOf(count, amount > max);
  if (reserved === 0 || retryAfterMs >= resetMs || retryAfterMs > MINUTE_MS)
    return { words: anewOf(count), detail: { retryable: false } };
  const { words, detail } = againOf(count, false);
  return { words: `Some of it is held by calls under way. ${words}`, detail };
}

function anewOf({ resetMs }: Count): string {
  return `It begins anew in ${waitWords(resetMs)}; its owner can raise it.`;
}

/** What to do, and what clients that try again by themselves are told. */
type Again = { words: string; detail: ErrorDetail };

function againOf({ retryAfterMs }: Count, isNever: boolean): Again {
  if (isNever) {
    return { words: 'It never fits: ask for less, or have the limit raised.', detail: { retryable: false } };
  }
  const words = `Try again in ${waitWords(retryAfterMs)}.`;
  if (retryAfterMs > MINUTE_MS) return { words, detail: { retryable: false } };
  const retryAfterS = Math.min(RETRY_AFTER_S_MAX, Math.max(1, Math.ceil(retryAfterMs / 1_000)));
  return { words: `Try again in ${retryAfterS} s.`, detail: { retryAfterS } };
}

const MINUTE_MS = 60_000;
const RETRY_AFTER_S_MAX = 59;

/** The shared counters are away, and the operator chose that nobody calls then. */
export function awayError(): GatewayError {
  const message =
    'What limits count cannot be reached at the moment, and calls wait until it can. Try again.';
  return new GatewayError('store_unavailable', message, { retryAfterS: 5 });
}
