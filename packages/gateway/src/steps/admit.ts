import { GatewayError } from '@app/protocol';
import type { Concurrency } from '../limits/concurrency.ts';
import type { Take, TokenBucket } from '../limits/token-bucket.ts';
import type { Principal } from '../ports.ts';

/** What the key's request limit looks like after this call; goes into `x-ratelimit-*`. Absent without a limit. */
export type RateLimit = { limit: number; remaining: number; resetMs: number };

/** A place among the key's calls under way. `release` gives it back; releasing twice releases once. */
export type Admission =
  | { ok: true; rateLimit: RateLimit | undefined; release(): void }
  | { ok: false; rateLimit: RateLimit | undefined; error: GatewayError };

/** Lets a call of this key in, or says why not. */
export type Admit = (principal: Principal) => Admission;

export type AdmitDeps = { requests: TokenBucket; concurrency: Concurrency };

/** Lets a call in when its key has a place among its calls under way and a request left this minute. */
export function createAdmit({ requests, concurrency }: AdmitDeps): Admit {
  return (principal) => {
    const release = concurrency.acquire(principal.keyId, principal.concurrencyMax);
    if (release === undefined) {
      const message = `This key has ${principal.concurrencyMax} calls under way, which is its limit. Try again when one has ended.`;
      const error = new GatewayError('concurrency_limit_exceeded', message, { retryAfterS: 1 });
      return { ok: false, rateLimit: undefined, error };
    }
    const take = requests.take(principal.keyId, principal.requestsPerMinuteMax);
    const rateLimit = rateLimitOf(principal, take);
    if (take.ok) return { ok: true, rateLimit, release };
    release();
    const retryAfterS = Math.min(RETRY_AFTER_S_MAX, Math.max(1, Math.ceil(take.retryAfterMs / 1000)));
    const message = `This key may make ${principal.requestsPerMinuteMax} requests per minute. Try again in ${retryAfterS} s.`;
    return { ok: false, rateLimit, error: new GatewayError('rate_limit_exceeded', message, { retryAfterS }) };
  };
}

const RETRY_AFTER_S_MAX = 59;

function rateLimitOf(principal: Principal, take: Take): RateLimit | undefined {
  if (principal.requestsPerMinuteMax === Infinity) return undefined;
  return { limit: principal.requestsPerMinuteMax, remaining: take.remaining, resetMs: take.resetMs };
}
