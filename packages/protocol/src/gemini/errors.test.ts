import { expect, test } from 'vitest';
import { dialects, type ErrorCode, GatewayError, type Json, type JsonObject } from '../index.ts';

const { inbound, outbound } = dialects.gemini;
const envelope = (code: number, message: string, more: JsonObject = {}): JsonObject => ({
  error: { code, message, ...more },
});
const TYPE = 'type.googleapis.com/google.rpc.';

test.each<[number, Json, ErrorCode]>([
  [400, envelope(400, 'Invalid value at contents', { status: 'INVALID_ARGUMENT' }), 'invalid_parameter'],
  [
    400,
    envelope(400, 'The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).'),
    'context_length_exceeded',
  ],
  // A key that Google does not know is ours, and no mistake of the caller.
  [
    400,
    envelope(400, 'API key not valid. Please pass a valid API key.', {
      details: [{ '@type': `${TYPE}ErrorInfo`, reason: 'API_KEY_INVALID' }],
    }),
    'provider_failed',
  ],
  [
    400,
    envelope(400, 'Please enable billing on your project.', { status: 'FAILED_PRECONDITION' }),
    'provider_failed',
  ],
  [403, envelope(403, 'Permission denied', { status: 'PERMISSION_DENIED' }), 'provider_failed'],
  [404, envelope(404, 'models/gemini-0 is not found for API version v1beta'), 'model_not_found'],
  [404, envelope(404, 'Requested entity was not found.'), 'not_found'],
  [429, [envelope(429, 'Resource exhausted')], 'rate_limit_exceeded'],
  [500, envelope(500, 'An internal error has occurred', { status: 'INTERNAL' }), 'provider_failed'],
  [503, envelope(503, 'The model is overloaded.', { status: 'UNAVAILABLE' }), 'overloaded'],
  [504, envelope(504, 'Deadline expired', { status: 'DEADLINE_EXCEEDED' }), 'provider_timeout'],
  [502, 'text', 'provider_failed'],
])('an upstream’s %d with %j is %s', (status, body, code) => {
  expect(outbound.readError(status, body).code).toBe(code);
});

test.each([
  ['34.4s', 35],
  ['0s', 0],
  ['3600s', 59],
  ['soon', undefined],
])('a wait of %s is %s whole seconds', (retryDelay, expected) => {
  const body = envelope(429, 'You exceeded your current quota.', {
    status: 'RESOURCE_EXHAUSTED',
    details: [{ '@type': `${TYPE}QuotaFailure` }, { '@type': `${TYPE}RetryInfo`, retryDelay }],
  });
  const error = outbound.readError(429, body);
  expect(error.detail.retryAfterS).toBe(expected);
  // The operator's quota with Google is none of the caller's.
  expect(error.message).not.toMatch(/quota/);
});

test('an error after a 200 has its status in itself, by number or by name', () => {
  const codes = [{ code: 429 }, { status: 'RESOURCE_EXHAUSTED' }, {}].map((error) => {
    const [event] = outbound.openReader().read({ data: JSON.stringify({ error }) });
    return event?.type === 'error' && event.error.code;
  });
  expect(codes).toEqual(['rate_limit_exceeded', 'rate_limit_exceeded', 'provider_failed']);
  expect(() => outbound.readReply(envelope(503, 'x'))).toThrow(GatewayError);
});

test.each<[ErrorCode, number, string]>([
  ['invalid_parameter', 400, 'INVALID_ARGUMENT'],
  ['invalid_api_key', 401, 'UNAUTHENTICATED'],
  ['budget_exceeded', 402, 'FAILED_PRECONDITION'],
  ['insufficient_permissions', 403, 'PERMISSION_DENIED'],
  ['model_not_found', 404, 'NOT_FOUND'],
  ['conflict', 409, 'ABORTED'],
  ['body_too_large', 413, 'INVALID_ARGUMENT'],
  ['rate_limit_exceeded', 429, 'RESOURCE_EXHAUSTED'],
  ['internal_error', 500, 'INTERNAL'],
  ['sandbox_unsupported', 501, 'UNIMPLEMENTED'],
  ['provider_failed', 502, 'UNAVAILABLE'],
  ['no_target_available', 503, 'UNAVAILABLE'],
  ['deadline_exceeded', 504, 'DEADLINE_EXCEEDED'],
])('%s is %d %s in Google’s envelope', (code, status, name) => {
  const error = new GatewayError(code, 'Why.', { param: 'p', retryAfterS: 7 });
  expect(inbound.writeError(error, 'req_1')).toEqual({
    status,
    body: {
      error: {
        code: status,
        message: 'Why.',
        status: name,
        details: [
          {
            '@type': `${TYPE}ErrorInfo`,
            reason: code,
            domain: 'tokenrouter',
            metadata: { type: error.type, param: 'p' },
          },
          { '@type': `${TYPE}RequestInfo`, requestId: 'req_1' },
          { '@type': `${TYPE}RetryInfo`, retryDelay: '7s' },
        ],
      },
    },
  });
});
