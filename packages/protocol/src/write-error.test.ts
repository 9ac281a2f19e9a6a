import { describe, expect, test } from 'vitest';
import { type CallerDialectId, dialects, ERRORS, type ErrorCode, GatewayError } from './index.ts';

const codes = Object.keys(ERRORS) as ErrorCode[];
const ANTHROPIC_TYPES: Record<number, string> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  501: 'api_error',
  502: 'api_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

test.each(codes)('%s has OpenAI’s envelope with the facts and the message at its top', (code) => {
  const { status, body } = dialects['openai-chat'].inbound.writeError(
    new GatewayError(code, 'A sentence.', { param: 'model', provider: 'acme' }),
    'req_1',
  );
  expect(status).toBe(ERRORS[code].status);
  expect(body).toEqual({
    error: {
      type: ERRORS[code].type,
      message: 'A sentence.',
      code,
      param: 'model',
      http_status: status,
      request_id: 'req_1',
      provider: 'acme',
    },
    detail: 'A sentence.',
  });
});

test.each(codes)('%s has Anthropic’s envelope, type and status', (code) => {
  const { status, body } = dialects['anthropic-messages'].inbound.writeError(
    new GatewayError(code, 'A sentence.'),
    'req_1',
  );
  const own = ERRORS[code].status;
  expect(status).toBe(own === 503 ? 529 : own);
  expect(body).toEqual({
    type: 'error',
    error: {
      type: ANTHROPIC_TYPES[own] ?? 'invalid_request_error',
      message: 'A sentence.',
      code,
      details: { error_code: code },
    },
    request_id: 'req_1',
  });
});

test.each(codes)('%s in a stream is one frame in the caller’s dialect and no clean end', (code) => {
  for (const id of Object.keys(dialects) as CallerDialectId[]) {
    const call = dialects['openai-chat'].inbound.readCall({ messages: [{ role: 'user', content: 'x' }] });
    const writer = dialects[id].inbound.openWriter(call, { requestId: 'req_1' });
    const error = new GatewayError(code, 'A sentence.');
    writer.write({ type: 'reply-start', id: 'r', model: 'm' });
    const frames = writer.write({ type: 'error', error });
    const envelope = dialects[id].inbound.writeError(error, 'req_1').body;
    // The Responses API has an event of its own for it, with the fields at its top.
    const isFlat = id === 'openai-responses';
    const flat = expect.objectContaining({ type: 'error', code, message: 'A sentence.', param: null });
    expect(frames.map((frame) => JSON.parse(frame.data))).toEqual([isFlat ? flat : envelope]);
    expect(frames[0]?.event).toBe(isFlat || id === 'anthropic-messages' ? 'error' : undefined);
    expect([...writer.write({ type: 'reply-end', stop: 'end' }), ...writer.end()]).toEqual([]);
  }
});

describe('an upstream’s refusal', () => {
  const read = (
    id: CallerDialectId,
    status: number,
    error: object,
  ): [string, number, boolean | undefined] => {
    const {
      code,
      status: own,
      detail,
    } = dialects[id].outbound.readError(status, JSON.parse(JSON.stringify({ error })));
    return [code, own, detail.retryable];
  };

  test('keeps its status when the caller is at fault, and can be tried again when it may pass', () => {
    const type = 'invalid_request_error';
    expect(read('openai-chat', 400, { message: 'bad', param: 'top_p' })).toEqual([
      'invalid_parameter',
      400,
      false,
    ]);
    expect(read('openai-chat', 422, { message: 'bad' })).toEqual(['invalid_parameter', 422, false]);
    expect(read('openai-chat', 404, { message: 'no', code: 'model_not_found' })).toEqual([
      'model_not_found',
      404,
      false,
    ]);
    expect(read('openai-chat', 400, { code: 'context_length_exceeded' })).toEqual([
      'context_length_exceeded',
      400,
      false,
    ]);
    expect(read('anthropic-messages', 400, { type, message: 'prompt is too long: 9 > 8' })[0]).toBe(
      'context_length_exceeded',
    );
    expect(read('anthropic-messages', 413, { type: 'request_too_large' })).toEqual([
      'body_too_large',
      413,
      false,
    ]);
    expect(read('anthropic-messages', 429, { type: 'rate_limit_error' })).toEqual([
      'rate_limit_exceeded',
      429,
      true,
    ]);
    expect(read('anthropic-messages', 529, { type: 'overloaded_error' })).toEqual(['overloaded', 503, true]);
    expect(read('openai-chat', 500, {})).toEqual(['provider_failed', 502, true]);
    expect(read('openai-chat', 504, {})).toEqual(['provider_timeout', 504, true]);
  });

  test('of our own credential or account is our failure and tells the caller nothing of it', () => {
    const message = 'Incorrect API key provided: sk-live-abcdef123456.';
    for (const id of Object.keys(dialects) as CallerDialectId[]) {
      for (const status of [401, 403, 402]) {
        expect(read(id, status, { message })).toEqual(['provider_failed', 502, false]);
        expect(dialects[id].outbound.readError(status, { error: { message } }).message).not.toContain('sk-');
      }
    }
    const unpaid = dialects['openai-chat'].outbound.readError(429, {
      error: { code: 'insufficient_quota', message: 'quota' },
    });
    expect([unpaid.code, unpaid.message.includes('quota')]).toEqual(['provider_failed', false]);
    expect(read('anthropic-messages', 400, { message: 'Your credit balance is too low' })[0]).toBe(
      'provider_failed',
    );
  });

  test('has a sentence of bounded length without keys, also when its body is no JSON', () => {
    const { message } = dialects['openai-chat'].outbound.readError(400, {
      error: { message: `key sk-abcdef123456 ${'x'.repeat(5_000)}` },
    });
    expect(message).toMatch(/^key \[removed\] x+$/);
    expect(message.length).toBeLessThanOrEqual(1_000);
    expect(dialects['anthropic-messages'].outbound.readError(502, undefined).code).toBe('provider_failed');
    expect(dialects['openai-chat'].outbound.readError(400, '<html>').code).toBe('invalid_parameter');
  });
});

test.each([
  [500, 'context_length_exceeded', 400],
  [503, 'model_not_found', 404],
  [404, 'model_not_found', 404],
])('a provider that says %i and %s tells of a mistake of the caller, who sees %i', (status, code, seen) => {
  const error = dialects['openai-chat'].outbound.readError(status, { error: { message: 'No.', code } });
  expect([error.code, error.status]).toEqual([code, seen]);
});
