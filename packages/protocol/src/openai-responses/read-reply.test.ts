import { expect, test } from 'vitest';
import { collect, dialects, GatewayError, type Json, type Reply } from '../index.ts';

const { readReply, readError } = dialects['openai-responses'].outbound;
const read = (output: Json[], more: object = {}): Reply =>
  collect(readReply({ id: 'resp_1', object: 'response', status: 'completed', model: 'm', output, ...more }));
const said = (...content: Json[]): Json => ({ type: 'message', id: 'msg_1', role: 'assistant', content });

test('a seal that follows a call or a text belongs to it', () => {
  const seal = {
    type: 'reasoning',
    id: 'rs_tr_1_1',
    summary: [],
    encrypted_content: 'trs1.tr1.google...c2VhbA==',
  };
  const { parts } = read([
    { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'look', arguments: '{}' },
    seal,
    said({ type: 'output_text', text: 'Fog.' }),
    seal,
  ]);
  const signature = { maker: 'google', value: 'c2VhbA==' };
  expect(parts).toEqual([
    { kind: 'tool-call', id: 'call_1', name: 'look', input: '{}', signature },
    { kind: 'text', text: 'Fog.', signature },
  ]);
});

test('annotations are citations, and keep what only their own dialect says', () => {
  const url = {
    type: 'url_citation',
    url: 'https://example.com',
    title: 'Fog',
    start_index: 0,
    end_index: 3,
  };
  const file = { type: 'container_file_citation', container_id: 'c', file_id: 'f', filename: 'a.csv' };
  const bare = { type: 'url_citation', url: 'https://example.com/x' };
  const wire = (value: Json): object => ({ wire: { dialect: 'openai-responses', value } });
  const { parts } = read([said({ type: 'output_text', text: 'Fog.', annotations: [url, file, bare] })]);
  expect(parts).toEqual([
    {
      kind: 'text',
      text: 'Fog.',
      citations: [
        { url: 'https://example.com', title: 'Fog', start: 0, end: 3, ...wire(url) },
        { title: 'a.csv', ...wire(file) },
        { url: 'https://example.com/x', ...wire(bare) },
      ],
    },
  ]);
});

test('bytes of a token are kept where it is no whole character', () => {
  const token = (text: string, bytes: number[]): Json => ({
    token: text,
    logprob: -1,
    bytes,
    top_logprobs: [],
  });
  const logprobs = [token('Fog', [70, 111, 103]), token('\ufffd', [240, 159])];
  const [part] = read([said({ type: 'output_text', text: 'Fog', logprobs })]).parts;
  expect(part?.kind === 'text' && part.logprobs).toEqual([
    { token: 'Fog', logprob: -1, top: [] },
    { token: '\ufffd', logprob: -1, bytes: [240, 159], top: [] },
  ]);
});

test.each<[object, string, string | undefined]>([
  [{ status: 'completed' }, 'end', 'completed'],
  [
    { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
    'length',
    'max_output_tokens',
  ],
  [{ status: 'incomplete', incomplete_details: { reason: 'content_filter' } }, 'refusal', 'content_filter'],
  [{ status: 'incomplete', incomplete_details: null }, 'other', 'incomplete'],
  [{ status: 'cancelled' }, 'other', 'cancelled'],
  [{ status: 'queued' }, 'other', 'queued'],
  [{ status: null }, 'end', undefined],
])('%j means %s', (more, stop, rawStop) => {
  const reply = read([said({ type: 'output_text', text: 'Fog.' })], more);
  expect([reply.stop, reply.rawStop]).toEqual([stop, rawStop]);
});

test('a refusal in words, and a call of a tool, end a reply that is complete', () => {
  expect(read([said({ type: 'refusal', refusal: 'No.' })]).stop).toBe('refusal');
  const call = { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' };
  expect(read([call]).stop).toBe('tool-calls');
  expect(read([call], { status: undefined }).stop).toBe('tool-calls');
});

test('tokens are told in disjoint classes', () => {
  const usage = {
    input_tokens: 100,
    input_tokens_details: { cached_tokens: 60, cache_write_tokens: 30 },
    output_tokens: 50,
    output_tokens_details: { reasoning_tokens: 40 },
  };
  expect(read([], { usage, service_tier: 'flex' })).toMatchObject({
    usage: { inputFresh: 10, inputCacheRead: 60, inputCacheWrite: 30, outputThinking: 40, outputText: 10 },
    serviceTier: 'flex',
  });
  const odd = { input_tokens: 5, input_tokens_details: { cached_tokens: 9 }, output_tokens: 1 };
  expect(read([], { usage: odd })).toMatchObject({ usage: { inputFresh: 0 }, usageEstimated: true });
});

test.each([
  [{ code: 'rate_limit_exceeded', message: 'Slow down.' }, 'rate_limit_exceeded', true],
  [{ code: 'server_error', message: 'Oh.' }, 'provider_failed', true],
  [{ code: 'invalid_prompt', message: 'Bad.' }, 'invalid_parameter', false],
  [{ code: 'image_too_large', message: 'Big.' }, 'invalid_parameter', false],
  [{ code: 'context_length_exceeded', message: 'Long.' }, 'context_length_exceeded', false],
])('a response that failed is an error: %j', (error, code, retryable) => {
  const thrown = (() => {
    try {
      return readReply({ id: 'resp_1', status: 'failed', output: [], error });
    } catch (caught) {
      return caught;
    }
  })();
  expect(thrown).toBeInstanceOf(GatewayError);
  expect(thrown).toMatchObject({ code, detail: { retryable } });
});

test('an empty balance is our failure, not the caller’s', () => {
  const error = readError(429, {
    error: { type: 'insufficient_quota', code: 'insufficient_quota', message: 'x' },
  });
  expect([error.code, error.detail.retryable]).toEqual(['provider_failed', false]);
});
