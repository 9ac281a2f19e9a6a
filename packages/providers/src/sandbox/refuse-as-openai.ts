import type { CallerDialectId, JsonObject } from '@app/protocol';
import { CONTEXT_TOKENS_MAX } from './context-size.ts';
import type { Refusal, RefusalFacts, RefusalKind } from './refuse.ts';

/** https://platform.openai.com/docs/guides/error-codes and /rate-limits. */
export function refuseAsOpenAi(kind: RefusalKind, facts: RefusalFacts): Refusal {
  const { model, dialect, error } = facts;
  switch (kind) {
    case '429': {
      const message = `Rate limit reached for ${model} in the sandbox on requests per min (RPM): Limit 60, Used 60, Requested 1. Please try again in 1s.`;
      const refusal = refusing(429, facts, { message, type: 'requests', code: 'rate_limit_exceeded' });
      return { ...refusal, headers: { ...refusal.headers, ...LIMIT_HEADERS } };
    }
    case '500': {
      const message = 'The server had an error while processing your request. Sorry about that!';
      return refusing(500, facts, { message, type: 'server_error' });
    }
    case 'context-length': {
      const code = 'context_length_exceeded';
      return refusing(400, facts, { ...TOO_LONG[dialect], type: 'invalid_request_error', code });
    }
    case 'no-such-model': {
      const message = `The model \`${model}\` does not exist or you do not have access to it.`;
      return refusing(404, facts, { message, type: 'invalid_request_error', code: 'model_not_found' });
    }
    case 'unreadable':
      return refusing(400, facts, {
        message: error?.message ?? '',
        type: 'invalid_request_error',
        param: error?.detail.param ?? null,
      });
  }
}

const LIMIT_HEADERS = {
  'retry-after': '1',
  'retry-after-ms': '1000',
  'x-ratelimit-limit-requests': '60',
  'x-ratelimit-remaining-requests': '0',
  'x-ratelimit-reset-requests': '1s',
};

/** Each endpoint has its own sentence. */
const TOO_LONG: { [dialect in CallerDialectId]?: JsonObject } = {
  'openai-chat': {
    message: `This model's maximum context length is ${CONTEXT_TOKENS_MAX} tokens. However, your messages resulted in ${CONTEXT_TOKENS_MAX + 1} tokens. Please reduce the length of the messages.`,
    param: 'messages',
  },
  'openai-responses': {
    message: 'Your input exceeds the context window of this model. Please adjust your input and try again.',
    param: 'input',
  },
  'openai-completions': {
    message: `This model's maximum context length is ${CONTEXT_TOKENS_MAX} tokens, however you requested ${CONTEXT_TOKENS_MAX + 1} tokens. Please reduce your prompt; or completion length.`,
  },
};

function refusing(status: number, { ids }: RefusalFacts, error: JsonObject): Refusal {
  return {
    status,
    headers: { 'x-request-id': ids.request },
    body: { error: { message: '', type: '', param: null, code: null, ...error } },
  };
}
