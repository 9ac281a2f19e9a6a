import { type CallerDialectId, dialects, GatewayError } from '@app/protocol';

/** An error as one reply: the same facts in the envelope of whoever asked. */
export type ErrorReply = { status: number; headers: { [name: string]: string }; body: string };

export function renderError(error: GatewayError, requestId: string, dialect: CallerDialectId): ErrorReply {
  const { status, body } = dialects[dialect].inbound.writeError(error, requestId);
  const headers: { [name: string]: string } = {
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': requestId,
  };
  if (dialect === 'anthropic-messages') headers['request-id'] = requestId;
  if (error.detail.retryAfterS !== undefined) headers['retry-after'] = String(error.detail.retryAfterS);
  if (error.detail.retryable === false) headers['x-should-retry'] = 'false';
  if (error.code === 'invalid_api_key') headers['www-authenticate'] = 'Bearer';
  return { status, headers, body: JSON.stringify(body) };
}

/** Whose words an address speaks; everything that is neither Google's nor Anthropic's speaks OpenAI's. */
export function dialectOf(path: string): CallerDialectId {
  if (path === '/v1beta' || path.startsWith('/v1beta/')) return 'gemini';
  return path === '/v1/messages' || path.startsWith('/v1/messages/') || path.startsWith('/v1/messages?')
    ? 'anthropic-messages'
    : 'openai-chat';
}

/** Whatever was thrown while a request was handled, as one of our errors. What is not foreseen says nothing. */
export function gatewayErrorOf(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  const { code, statusCode } = readFastifyError(thrown);
  const known = FASTIFY_ERRORS[code];
  if (known) return new GatewayError(known.code, known.message, { retryable: false, cause: thrown });
  if (code === 'FST_ERR_VALIDATION' && thrown instanceof Error) {
    return new GatewayError('invalid_parameter', thrown.message, { retryable: false, cause: thrown });
  }
  if (thrown instanceof SyntaxError && statusCode === 400) {
    return new GatewayError('invalid_json', 'The request body is not valid JSON.', { retryable: false });
  }
  if (statusCode >= 400 && statusCode < 500) {
    return new GatewayError('invalid_parameter', 'The request is not valid.', {
      status: statusCode,
      retryable: false,
      cause: thrown,
    });
  }
  return new GatewayError('internal_error', 'An internal error occurred.', { cause: thrown });
}

const NOT_JSON = { code: 'invalid_json', message: 'The request body is not valid JSON.' } as const;

const FASTIFY_ERRORS: {
  [code: string]: { code: 'body_too_large' | 'unsupported_media_type' | 'invalid_json'; message: string };
} = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'body_too_large', message: 'The request body is too large.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported_media_type',
    message: 'The content type must be application/json.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: NOT_JSON,
  FST_ERR_CTP_INVALID_JSON_BODY: NOT_JSON,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { code: 'invalid_json', message: 'The request body was cut off.' },
};

function readFastifyError(thrown: unknown): { code: string; statusCode: number } {
  if (!(thrown instanceof Error)) return { code: '', statusCode: 500 };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  const statusCode =
    'statusCode' in thrown && typeof thrown.statusCode === 'number' ? thrown.statusCode : 500;
  return { code, statusCode };
}
