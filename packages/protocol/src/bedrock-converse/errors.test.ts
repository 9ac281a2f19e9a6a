import { expect, test } from 'vitest';
import type { Json } from '../json.ts';
import { readError } from './errors.ts';
import { readReply } from './read-reply.ts';

test.each<[number, Json, string, number]>([
  [400, { message: 'The format of messages.0 is invalid.' }, 'invalid_parameter', 400],
  [400, { message: 'Input is too long for requested model.' }, 'context_length_exceeded', 400],
  [400, { message: 'The provided model identifier is invalid.' }, 'model_not_found', 404],
  [404, { message: "The model doesn't exist.", __type: 'ResourceNotFoundException' }, 'model_not_found', 404],
  [
    400,
    { __type: 'com.amazon.coral.service#ExpiredTokenException', message: 'canary' },
    'provider_failed',
    502,
  ],
  [403, { message: 'The security token included in the request is invalid.' }, 'provider_failed', 502],
  [403, { message: 'Model access is denied due to INVALID_PAYMENT_INSTRUMENT.' }, 'provider_failed', 502],
  [400, { __type: 'ServiceQuotaExceededException', message: 'Slow down.' }, 'rate_limit_exceeded', 429],
  [429, { message: 'Too many tokens, please wait before trying again.' }, 'rate_limit_exceeded', 429],
  [429, { __type: 'ModelNotReadyException', message: 'Wait.' }, 'overloaded', 503],
  [
    408,
    { __type: 'ModelTimeoutException:http://internal.amazon.com', message: 'x' },
    'provider_timeout',
    504,
  ],
  [424, { message: 'The model failed.' }, 'provider_failed', 502],
  [500, 'no object', 'provider_failed', 502],
])('a refusal of %i %j is %s', (status, body, ...meant) => {
  const error = readError(status, body);
  expect([error.code, error.status]).toEqual(meant);
  expect(error.message).not.toContain('canary');
});

test('a reply that is none is the provider’s failure', () => {
  for (const body of [null, [], {}, { output: {} }, { output: { message: { content: ['x'] } } }]) {
    expect(() => readReply(body)).toThrow(expect.objectContaining({ code: 'provider_bad_response' }));
  }
});

test('a whole reply with every kind of block is read', () => {
  const events = readReply({
    output: {
      message: {
        role: 'assistant',
        content: [
          {
            citationsContent: {
              content: [{ text: 'Wet' }, { text: '.' }],
              citations: [{ title: 'Sea', source: 'https://sea.example' }],
            },
          },
          { toolUse: { toolUseId: 's', name: 'nova_grounding', input: {}, type: 'server_tool_use' } },
          { reasoningContent: { redactedContent: 'c2VjcmV0' } },
          { image: { format: 'png', source: { bytes: 'aGk=' } } },
        ],
      },
    },
    stopReason: 'guardrail_intervened',
    usage: { inputTokens: 1, outputTokens: 'many' },
  });
  expect(events.filter(({ type }) => type === 'part-start')).toMatchObject([
    { kind: 'text' },
    { kind: 'opaque', value: { toolUse: { name: 'nova_grounding' } } },
    { kind: 'thinking' },
    { kind: 'media', media: { mediaType: 'image/png', data: 'aGk=' } },
  ]);
  expect(events.at(-2)).toEqual({ type: 'usage', usage: { inputFresh: 1 } });
  expect(events.at(-1)).toEqual({ type: 'reply-end', stop: 'refusal', rawStop: 'guardrail_intervened' });
});
