import { CONTEXT_TOKENS_MAX } from './context-size.ts';
import type { Refusal, RefusalFacts, RefusalKind } from './refuse.ts';

/** https://docs.anthropic.com/en/api/errors and /rate-limits. */
export function refuseAsAnthropic(kind: RefusalKind, facts: RefusalFacts): Refusal {
  const { model, nowMs, error } = facts;
  switch (kind) {
    case '429': {
      const message = 'This request would exceed the rate limit of 60 requests per minute of the sandbox.';
      const refusal = refusing(429, facts, { type: 'rate_limit_error', message });
      const headers = {
        'retry-after': '1',
        'anthropic-ratelimit-requests-limit': '60',
        'anthropic-ratelimit-requests-remaining': '0',
        'anthropic-ratelimit-requests-reset': new Date(nowMs + 1000).toISOString(),
      };
      return { ...refusal, headers: { ...refusal.headers, ...headers } };
    }
    case '500':
      return refusing(500, facts, { type: 'api_error', message: 'Internal server error' });
    case 'context-length': {
      const message = `prompt is too long: ${CONTEXT_TOKENS_MAX + 1} tokens > ${CONTEXT_TOKENS_MAX} maximum`;
      return refusing(400, facts, { type: 'invalid_request_error', message });
    }
    case 'no-such-model':
      return refusing(404, facts, { type: 'not_found_error', message: `model: ${model}` });
    case 'unreadable':
      return refusing(400, facts, { type: 'invalid_request_error', message: error?.message ?? '' });
  }
}

function refusing(status: number, { ids }: RefusalFacts, error: { type: string; message: string }): Refusal {
  const headers = {
    'request-id': ids.request,
    'x-should-retry': status === 429 || status >= 500 ? 'true' : 'false',
  };
  return { status, headers, body: { type: 'error', error, request_id: ids.request } };
}
