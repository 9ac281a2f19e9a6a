import { GatewayError } from '@app/protocol';
import {
  anAnthropicTarget,
  answers,
  aProvider,
  aTarget,
  type FakeAnswer,
  refuses,
  streams,
} from '@app/testkit';
import { describe, expect, test } from 'vitest';
import { chat, openTestJourney } from '../../test/open-test-journey.ts';
import {
  anthropicOverloaded,
  anthropicStart,
  anthropicStream,
  dataOf,
  openAiChunk,
  openAiReply,
  openAiRole,
  openAiStream,
} from '../../test/provider-texts.ts';

const second = aTarget({ provider: aProvider({ id: 'second' }), model: 'model-2' });
const two = { models: { 'model-1': [aTarget(), second] } };
const html = { 'content-type': 'Text/HTML; charset=utf-8' };
const sse = { 'content-type': 'text/event-stream' };

/** Sends a head and these pieces, and then nothing: not even an end. */
const stalls =
  (...pieces: string[]): FakeAnswer =>
  (exchange) => {
    exchange.head(200, sse);
    for (const piece of pieces) exchange.chunk(piece);
  };
/** The connection breaks after these pieces. */
const breaks =
  (...pieces: string[]): FakeAnswer =>
  (exchange) => {
    stalls(...pieces)(exchange);
    exchange.fail();
  };

describe('before the first part, the next target answers instead of one that', () => {
  const failures: { what: string; answer: FakeAnswer; status?: number; code: string }[] = [
    { what: 'cannot be reached', answer: refuses(), code: 'provider_failed' },
    { what: 'limits requests', answer: answers(429, {}), status: 429, code: 'rate_limit_exceeded' },
    { what: 'fails', answer: answers(500, {}), status: 500, code: 'provider_failed' },
    { what: 'is overloaded', answer: answers(529, {}), status: 529, code: 'overloaded' },
    {
      what: 'fails with a web page',
      answer: answers(502, '<html>', html),
      status: 502,
      code: 'provider_failed',
    },
    { what: 'refuses our credential', answer: answers(401, {}), status: 401, code: 'provider_failed' },
    { what: 'forbids us the model', answer: answers(403, {}), status: 403, code: 'provider_failed' },
    { what: 'does not have the model', answer: answers(404, {}), status: 404, code: 'not_found' },
    {
      what: 'answers with a web page',
      answer: answers(200, '<html>', html),
      status: 200,
      code: 'provider_bad_response',
    },
    { what: 'redirects', answer: answers(302, ''), status: 302, code: 'provider_bad_response' },
    { what: 'says nothing', answer: (exchange) => exchange.end(), code: 'provider_bad_response' },
  ];
  const inStreams: typeof failures = [
    {
      what: 'opens a stream and cuts it',
      answer: streams(openAiRole),
      status: 200,
      code: 'provider_bad_response',
    },
    { what: 'opens a stream and breaks', answer: breaks(openAiRole), status: 200, code: 'provider_failed' },
    {
      what: 'sends a malformed frame',
      answer: streams('data: {"id":\n\n'),
      status: 200,
      code: 'provider_bad_response',
    },
    {
      what: 'sends a web page as a stream',
      answer: streams('<html></html>'),
      status: 200,
      code: 'provider_bad_response',
    },
    {
      what: 'says 200 and then that it failed',
      answer: streams(openAiRole, 'data: {"error":{"message":"no","type":"server_error"}}\n\n'),
      status: 200,
      code: 'provider_failed',
    },
    {
      what: 'answers whole',
      answer: answers(200, openAiReply()),
      status: 200,
      code: 'provider_bad_response',
    },
  ];
  const inWhole: typeof failures = [
    {
      what: 'answers with half a reply',
      answer: answers(200, '{"id":'),
      status: 200,
      code: 'provider_bad_response',
    },
    {
      what: 'answers with another JSON',
      answer: answers(200, '[]'),
      status: 200,
      code: 'provider_bad_response',
    },
    {
      what: 'puts an error under 200',
      answer: answers(200, { error: { message: 'no' } }),
      status: 200,
      code: 'provider_failed',
    },
  ];

  for (const { what, answer, status, code } of [...failures, ...inStreams]) {
    test(`${what} (stream)`, () => {
      const frames = openAiStream('Hello');
      const journey = openTestJourney({ answers: [answer, streams(...frames)], snapshot: two });
      const caller = journey.call(chat({ stream: true, stream_options: { include_usage: true } }));
      expect(caller.text()).toBe(frames.join(''));
      expect(caller.headers()).toMatchObject({
        'x-tokenrouter-attempts': '2',
        'x-tokenrouter-provider': 'second',
      });
      expect(journey.record()).toMatchObject({ status: 200, provider: 'second', errorCode: undefined });
      expect(journey.record().attempts).toMatchObject([
        { provider: 'openai', outcome: 'failed', status, errorCode: code, cost: { nanos: 0 } },
        { provider: 'second', outcome: 'ok', status: 200 },
      ]);
    });
  }
  for (const { what, answer, status, code } of [...failures, ...inWhole]) {
    test(`${what} (whole)`, () => {
      const journey = openTestJourney({ answers: [answer, answers(200, openAiReply())], snapshot: two });
      const caller = journey.call();
      expect(caller.json()).toEqual(openAiReply());
      expect(journey.record().attempts[0]).toMatchObject({ outcome: 'failed', status, errorCode: code });
    });
  }

  test('begins a message and is overloaded (Anthropic)', () => {
    const targets = [anAnthropicTarget(), anAnthropicTarget({ model: 'claude-2' })];
    const journey = openTestJourney({
      answers: [streams(anthropicStart, anthropicOverloaded), streams(...anthropicStream('Hello'))],
      snapshot: { models: { 'model-1': targets } },
    });
    const caller = journey.call(chat({ stream: true }));
    expect(dataOf(caller.text()).at(-1)).toBe('[DONE]');
    expect(journey.record().attempts).toMatchObject([
      { outcome: 'failed', errorCode: 'overloaded' },
      { outcome: 'ok' },
    ]);
  });

  test('sends no byte in time', () => {
    const journey = openTestJourney({
      answers: [() => {}, streams(...openAiStream('Hello'))],
      snapshot: two,
    });
    const caller = journey.call(chat({ stream: true }));
    journey.advance(59_999);
    expect(caller.status()).toBeUndefined();
    journey.advance(1);
    expect(caller.status()).toBe(200);
    expect(journey.provider.exchanges[0]?.isCancelled()).toBe(true);
    expect(journey.record().attempts[0]).toMatchObject({ errorCode: 'provider_timeout', status: undefined });
  });

  test('stalls after its head', () => {
    const journey = openTestJourney({
      answers: [stalls(openAiRole), streams(...openAiStream('Hello'))],
      snapshot: two,
      settings: { idleMs: 5_000 },
    });
    const caller = journey.call(chat({ stream: true }));
    journey.advance(5_000);
    expect(caller.ending()).toBe('end');
    expect(journey.record().attempts[0]).toMatchObject({ errorCode: 'provider_timeout', status: 200 });
  });

  test('sends a long stream that never begins', () => {
    const journey = openTestJourney({
      answers: [stalls(...Array<string>(20).fill(openAiRole)), streams(...openAiStream('Hello'))],
      snapshot: two,
      settings: { heldBytesMax: 1_000 },
    });
    expect(journey.call(chat({ stream: true })).ending()).toBe('end');
  });
});

describe('the caller gets the error of the last target', () => {
  test('with its status when the caller is at fault, and no other target is asked', () => {
    for (const status of [400, 413, 422]) {
      const error = {
        error: { message: 'max_tokens is too large', type: 'invalid_request_error', param: 'max_tokens' },
      };
      const journey = openTestJourney({ answers: [answers(status, error)], snapshot: two });
      const caller = journey.call(chat({ stream: true }));
      expect(caller.status()).toBe(status);
      expect(caller.json()).toMatchObject({
        error: {
          message: 'max_tokens is too large',
          provider: 'openai',
          http_status: status,
          request_id: 'req_1',
        },
      });
      expect(journey.provider.exchanges).toHaveLength(1);
      expect(journey.record()).toMatchObject({ status, attempts: [{ outcome: 'failed', status }] });
    }
  });

  test('as a failed provider when our credential was refused, without the words of the provider', () => {
    for (const status of [401, 403]) {
      const error = { error: { message: 'Incorrect API key provided: sk-abcdef123456' } };
      const journey = openTestJourney({ answers: [answers(status, error)] });
      const caller = journey.call();
      expect(caller.status()).toBe(502);
      expect(caller.json()).toMatchObject({ error: { code: 'provider_failed', provider: 'openai' } });
      expect(caller.text() + JSON.stringify(journey.records)).not.toContain('sk-abc');
    }
  });

  test('with its own words and the wait that it asks for', () => {
    const limited = answers(429, { error: { message: 'Slow down' } }, { 'retry-after': '7' });
    const journey = openTestJourney({ answers: [limited] });
    const caller = journey.call();
    expect(caller.status()).toBe(429);
    expect(caller.headers()['retry-after']).toBe('7');
    expect(caller.json()).toMatchObject({ error: { message: 'Slow down', provider: 'openai' } });
  });

  test('as 504 when no target sent a byte in time', () => {
    const journey = openTestJourney({ snapshot: two });
    const caller = journey.call(chat({ stream: true }));
    journey.advance(120_000);
    expect(caller.status()).toBe(504);
    expect(caller.json()).toMatchObject({ error: { code: 'provider_timeout' } });
    expect(journey.record().attempts).toHaveLength(2);
  });

  test('as 504 when the whole call took too long, whatever targets are left', () => {
    const journey = openTestJourney({ snapshot: two, settings: { totalMs: 50_000 } });
    const caller = journey.call(chat({ stream: true }));
    journey.advance(50_000);
    expect(caller.status()).toBe(504);
    expect(caller.json()).toMatchObject({ error: { code: 'deadline_exceeded' } });
    expect(journey.provider.exchanges).toHaveLength(1);
  });

  test('and no more targets are tried than the settings allow', () => {
    const many = Array.from({ length: 9 }, (_, at) => aTarget({ model: `model-${at}` }));
    const journey = openTestJourney({
      answers: many.map(() => answers(500, {})),
      snapshot: { models: { 'model-1': many } },
    });
    const caller = journey.call();
    expect(caller.status()).toBe(502);
    expect(caller.headers()['x-tokenrouter-attempts']).toBe('4');
    expect(journey.provider.exchanges).toHaveLength(4);
  });

  test('when the sandbox cannot answer, which no other target can mend', () => {
    const error = new GatewayError('sandbox_unsupported', 'The sandbox does not do this.');
    const journey = openTestJourney({ answers: [refuses(error)], snapshot: two });
    expect(journey.call().status()).toBe(501);
    expect(journey.provider.exchanges).toHaveLength(1);
  });

  test('when a reply is larger than what is read, and the rest of it is not waited for', () => {
    const journey = openTestJourney({ settings: { replyBytesMax: 1_000 } });
    const caller = journey.call();
    journey.provider.last().head(200, { 'content-type': 'application/json' });
    journey.provider.last().chunk('x'.repeat(999));
    expect(caller.status()).toBeUndefined();
    journey.provider.last().chunk('xx');
    expect(caller.json()).toMatchObject({ error: { code: 'provider_bad_response' } });
    expect(journey.provider.last().isCancelled()).toBe(true);
  });

  test('when its error body is larger than what is read', () => {
    const journey = openTestJourney({ answers: [answers(500, 'x'.repeat(100_000))] });
    expect(journey.call().json()).toMatchObject({ error: { code: 'provider_failed' } });
  });
});

describe('after the first part', () => {
  const hello = openAiChunk({ content: 'Hello' });

  test('a stream that fails ends with one typed error and never like one that succeeded', () => {
    const failures: FakeAnswer[] = [
      streams(openAiRole, hello),
      breaks(openAiRole, hello),
      streams(openAiRole, hello, 'data: nonsense\n\n'),
      streams(openAiRole, hello, 'data: {"error":{"message":"no","type":"server_error"}}\n\n'),
      streams(
        openAiRole,
        hello,
        'data: {"error":{"message":"no","type":"server_error"}}\n\n',
        ...openAiStream('again'),
      ),
    ];
    for (const failure of failures) {
      const journey = openTestJourney({ answers: [failure], snapshot: two });
      const caller = journey.call(chat({ stream: true }));
      const data = dataOf(caller.text());
      expect(caller.ending()).toBe('abort');
      expect(data).toHaveLength(3);
      expect(JSON.parse(data[2] ?? '').error).toMatchObject({ type: 'provider_error', request_id: 'req_1' });
      expect(caller.text()).not.toContain('[DONE]');
      expect(caller.log.slice(-3)).toEqual(['record', 'write', 'abort']);
      expect(journey.provider.exchanges).toHaveLength(1);
      expect(journey.record()).toMatchObject({
        status: 200,
        errorCode: expect.stringMatching(/^provider_/),
        cost: { label: 'estimated' },
        reply: { parts: [{ kind: 'text', text: 'Hello' }] },
        attempts: [{ outcome: 'failed', status: 200 }],
      });
    }
  });

  test('a stall ends the stream with an error in the dialect of the caller', () => {
    const journey = openTestJourney({
      answers: [stalls(...anthropicStream('Hello').slice(0, 3))],
      snapshot: { models: { 'model-1': [anAnthropicTarget()] } },
    });
    const caller = journey.call(chat({ stream: true }));
    journey.advance(120_000);
    const data = dataOf(caller.text());
    expect(JSON.parse(data.at(-1) ?? '').error).toMatchObject({
      type: 'timeout_error',
      code: 'provider_timeout',
    });
    expect(caller.ending()).toBe('abort');
    expect(journey.pending()).toBe(0);
  });

  test('a provider that closes its reply but not its connection is left after a second', () => {
    const journey = openTestJourney({ answers: [stalls(...openAiStream('Hello'))] });
    const caller = journey.call(chat({ stream: true }));
    expect(caller.ending()).toBe('end');
    expect(journey.provider.last().isCancelled()).toBe(false);
    journey.advance(1_000);
    expect(journey.provider.last().isCancelled()).toBe(true);
    expect(journey.pending()).toBe(0);
  });
});
