import type { CallerDialectId, GatewayError, JsonObject } from '@app/protocol';
import type { Ids } from './make-ids.ts';

/** An answer that is an error, with the status, headers and body of the real provider. */
export type Refusal = { status: number; headers: { [name: string]: string }; body: JsonObject };

export type RefusalKind = '429' | '500' | 'context-length' | 'no-such-model';

export type RefusalFacts = { model: string; ids: Ids; nowMs: number };

/** How a provider of this dialect refuses. */
export function refuse(dialect: CallerDialectId, kind: RefusalKind, facts: RefusalFacts): Refusal {
  return dialect === 'anthropic-messages' ? anthropicRefusal(kind, facts) : openAiRefusal(kind, facts);
}

/** How a provider of this dialect refuses a request that it cannot read. */
export function refuseRequest(dialect: CallerDialectId, error: GatewayError, ids: Ids): Refusal {
  if (dialect === 'anthropic-messages')
    return anthropic(400, { type: 'invalid_request_error', message: error.message }, ids);
  const param = error.detail.param ?? null;
  return openAi(400, { message: error.message, type: 'invalid_request_error', param, code: null }, ids);
}

const CONTEXT_TOKENS_MAX = 128_000;

/** https://platform.openai.com/docs/guides/error-codes and /rate-limits. */
function openAiRefusal(kind: RefusalKind, { model, ids }: RefusalFacts): Refusal {
  switch (kind) {
    case '429': {
      const message = `Rate limit reached for ${model} in the sandbox on requests per min (RPM): Limit 60, Used 60, Requested 1. Please try again in 1s.`;
      const refusal = openAi(
        429,
        { message, type: 'requests', param: null, code: 'rate_limit_exceeded' },
        ids,
      );
      const headers = {
        'retry-after': '1',
        'retry-after-ms': '1000',
        'x-ratelimit-limit-requests': '60',
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '1s',
      };
      return { ...refusal, headers: { ...refusal.headers, ...headers } };
    }
    case '500': {
      const message = 'The server had an error while processing your request. Sorry about that!';
      return openAi(500, { message, type: 'server_error', param: null, code: null }, ids);
    }
    case 'context-length': {
      const message = `This model's maximum context length is ${CONTEXT_TOKENS_MAX} tokens. However, your messages resulted in ${CONTEXT_TOKENS_MAX + 1} tokens. Please reduce the length of the messages.`;
      const code = 'context_length_exceeded';
      return openAi(400, { message, type: 'invalid_request_error', param: 'messages', code }, ids);
    }
    case 'no-such-model': {
      const message = `The model \`${model}\` does not exist or you do not have access to it.`;
      return openAi(
        404,
        { message, type: 'invalid_request_error', param: null, code: 'model_not_found' },
        ids,
      );
    }
  }
}

/** https://docs.anthropic.com/en/api/errors and /rate-limits. */
function anthropicRefusal(kind: RefusalKind, { model, ids, nowMs }: RefusalFacts): Refusal {
  switch (kind) {
    case '429': {
      const message = 'This request would exceed the rate limit of 60 requests per minute of the sandbox.';
      const refusal = anthropic(429, { type: 'rate_limit_error', message }, ids);
      const headers = {
        'retry-after': '1',
        'anthropic-ratelimit-requests-limit': '60',
        'anthropic-ratelimit-requests-remaining': '0',
        'anthropic-ratelimit-requests-reset': new Date(nowMs + 1000).toISOString(),
      };
      return { ...refusal, headers: { ...refusal.headers, ...headers } };
    }
    case '500':
      return anthropic(500, { type: 'api_error', message: 'Internal server error' }, ids);
    case 'context-length': {
      const message = `prompt is too long: ${CONTEXT_TOKENS_MAX + 1} tokens > ${CONTEXT_TOKENS_MAX} maximum`;
      return anthropic(400, { type: 'invalid_request_error', message }, ids);
    }
    case 'no-such-model':
      return anthropic(404, { type: 'not_found_error', message: `model: ${model}` }, ids);
  }
}

function openAi(status: number, error: JsonObject, ids: Ids): Refusal {
  return { status, headers: { 'x-request-id': ids.request }, body: { error } };
}

function anthropic(status: number, error: JsonObject, ids: Ids): Refusal {
  return {
    status,
    headers: {
      'request-id': ids.request,
      'x-should-retry': status === 429 || status >= 500 ? 'true' : 'false',
    },
    body: { type: 'error', error, request_id: ids.request },
  };
}
