import type { JsonObject } from '@app/protocol';
import { CONTEXT_TOKENS_MAX } from './context-size.ts';
import type { Refusal, RefusalFacts, RefusalKind } from './refuse.ts';

/** https://ai.google.dev/gemini-api/docs/troubleshooting and https://google.aip.dev/193. Google names no request. */
export function refuseAsGoogle(kind: RefusalKind, { model, error }: RefusalFacts): Refusal {
  switch (kind) {
    case '429':
      return refusing(429, {
        status: 'RESOURCE_EXHAUSTED',
        message: `Resource has been exhausted in the sandbox for ${model} (limit: 60 requests per minute).`,
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1s' }],
      });
    case '500':
      return refusing(500, { status: 'INTERNAL', message: 'An internal error has occurred. Please retry.' });
    case 'context-length': {
      const message = `The input token count (${CONTEXT_TOKENS_MAX + 1}) exceeds the maximum number of tokens allowed (${CONTEXT_TOKENS_MAX}).`;
      return refusing(400, { status: 'INVALID_ARGUMENT', message });
    }
    case 'no-such-model': {
      const message = `models/${model} is not found for API version v1beta, or is not supported for generateContent.`;
      return refusing(404, { status: 'NOT_FOUND', message });
    }
    case 'unreadable':
      return refusing(400, { status: 'INVALID_ARGUMENT', message: error?.message ?? '' });
  }
}

function refusing(code: number, error: JsonObject): Refusal {
  return { status: code, headers: {}, body: { error: { code, ...error } } };
}
