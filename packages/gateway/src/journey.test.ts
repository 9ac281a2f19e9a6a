import { dialects, GatewayError } from '@app/protocol';
import { anAnthropicTarget, answers, aPrincipal, aTarget, streams } from '@app/testkit';
import { describe, expect, test } from 'vitest';
import { chat, messages, openTestJourney } from '../test/open-test-journey.ts';
import {
  anthropicReply,
  anthropicStream,
  dataOf,
  openAiReply,
  openAiStream,
  openAiUsage,
} from '../test/provider-texts.ts';

const claude = { models: { 'model-1': [anAnthropicTarget()] } };

test.each([
  {
    stream: false,
    answer: () => answers(200, openAiReply()),
    before: [],
    left: ['head 200', 'write', 'end'],
  },
  {
    stream: true,
    answer: () => streams(...openAiStream('Hel', 'lo')),
    before: ['head 200', 'write', 'write', 'write'],
    left: ['write', 'end'],
  },
])(
  'the last frame waits for a record that is written later: stream $stream',
  ({ stream, answer, before, left }) => {
    const waiting: (() => void)[] = [];
    const journey = openTestJourney({ answers: [answer()], recordSoon: (keep) => waiting.push(keep) });
    const { log, text } = journey.call(chat({ stream }));
    expect(text()).not.toContain('[DONE]');
    expect(log).toEqual(before);
    for (const keep of waiting) keep();
    expect(log).toEqual([...before, 'record', ...left]);
  },
);

describe('a whole reply', () => {
  test('reaches a caller of the same dialect as the very bytes that the provider sent', () => {
    const text = `{ "id":"chatcmpl-1", "unknown_field": {"a" : 1},${JSON.stringify(openAiReply()).slice(1)}  `;
    const journey = openTestJourney({ answers: [answers(200, text)] });
    const caller = journey.call();
    expect(caller.status()).toBe(200);
    expect(caller.text()).toBe(text);
    expect(caller.headers()['content-length']).toBe(String(Buffer.byteLength(text)));
    expect(caller.ending()).toBe('end');
  });

  test('is written in the dialect of a caller who speaks another one', () => {
    const journey = openTestJourney({
      answers: [answers(200, anthropicReply('Good day.'))],
      snapshot: claude,
    });
    const caller = journey.call();
    expect(caller.json()).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { role: 'assistant', content: 'Good day.' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 10, completion_tokens: 5 },
    });
    expect(journey.provider.last().request).toMatchObject({
      path: '/messages',
      headers: { 'anthropic-version': '2023-06-01', accept: 'application/json' },
    });
  });

  test('is priced, and its record says what happened', () => {
    const journey = openTestJourney({ answers: [answers(200, openAiReply())] });
    journey.call();
    expect(journey.record()).toMatchObject({
      requestId: 'req_1',
      status: 200,
      errorCode: undefined,
      modelAsked: 'model-1',
      provider: 'openai',
      model: 'model-1',
      stream: false,
      usage: { inputFresh: 10, outputText: 5 },
      cost: { nanos: 20_000, label: 'exact', priceVersion: 'table-2026-01-31' },
      reply: { parts: [{ kind: 'text', text: 'Hi.' }], stop: 'end' },
      attempts: [{ provider: 'openai', outcome: 'ok', status: 200, cost: { nanos: 20_000 } }],
    });
  });

  test('carries where it went and what it cost in its headers', () => {
    const journey = openTestJourney({ answers: [answers(200, openAiReply())] });
    expect(journey.call().headers()).toMatchObject({
      'x-request-id': 'req_1',
      'x-tokenrouter-request-id': 'req_1',
      'x-tokenrouter-provider': 'openai',
      'x-tokenrouter-model': 'model-1',
      'x-tokenrouter-mode': 'pinned',
      'x-tokenrouter-attempts': '1',
      'x-tokenrouter-cache': 'off',
      'x-tokenrouter-cost-usd': '0.00002',
      'content-type': 'application/json; charset=utf-8',
    });
  });

  test('gets the fields of its route, beside everything that the provider said', () => {
    const journey = openTestJourney({
      answers: [answers(200, { ...openAiReply(), system_fingerprint: 'fp' })],
    });
    const decoration = {
      wholeFields: ({ record }: { record: { cost: { nanos: number } } }) => ({
        cost_nanos: record.cost.nanos,
      }),
    };
    const reply = journey.call({ decoration }).json();
    expect(reply).toMatchObject({ cost_nanos: 20_000, system_fingerprint: 'fp', id: 'chatcmpl-1' });
  });

  test('a field of the route replaces one of the provider', () => {
    const journey = openTestJourney({ answers: [answers(200, openAiReply())] });
    const caller = journey.call({ decoration: { wholeFields: () => ({ id: 'tr_req_1' }) } });
    expect(caller.json().id).toBe('tr_req_1');
    expect(caller.text().match(/"id"/g)).toHaveLength(1);
  });
});

describe('a stream', () => {
  test('reaches a caller of the same dialect as the very bytes, but for the usage that only we asked for', () => {
    const frames = openAiStream('Hel', 'lo');
    const journey = openTestJourney({ answers: [streams(...frames)] });
    const caller = journey.call(chat({ stream: true }));
    expect(journey.provider.last().body.stream_options).toEqual({ include_usage: true });
    expect(caller.text()).toBe(frames.filter((frame) => frame !== openAiUsage).join(''));
    expect(journey.record().usage).toEqual({ inputFresh: 10, outputText: 5 });
    expect(caller.ending()).toBe('end');
  });

  test('keeps its usage frame when the caller asked for it', () => {
    const frames = openAiStream('Hello');
    const journey = openTestJourney({ answers: [streams(...frames)] });
    const caller = journey.call(chat({ stream: true, stream_options: { include_usage: true } }));
    expect(caller.text()).toBe(frames.join(''));
  });

  test('crosses from Anthropic to OpenAI', () => {
    const journey = openTestJourney({
      answers: [streams(...anthropicStream('Hel', 'lo'))],
      snapshot: claude,
    });
    const caller = journey.call(chat({ stream: true }));
    const data = dataOf(caller.text());
    expect(data.at(-1)).toBe('[DONE]');
    const words = data.slice(0, -1).map((text) => JSON.parse(text).choices[0].delta.content ?? '');
    expect(words.join('')).toBe('Hello');
  });

  test('crosses from OpenAI to Anthropic', () => {
    const journey = openTestJourney({ answers: [streams(...openAiStream('Hel', 'lo'))] });
    const caller = journey.call(messages({ stream: true }));
    const events = dataOf(caller.text()).map((text) => JSON.parse(text));
    expect(events.map((event) => event.type)).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(caller.headers()['request-id']).toBe('req_1');
    expect(journey.record()).toMatchObject({ dialect: 'anthropic-messages', usage: { outputText: 5 } });
  });

  test('is the same wherever its bytes were cut, half a character included', () => {
    const bytes = Buffer.from(openAiStream('Grüße', ' 世界 ', '🙂').join(''));
    for (const size of [1, 2, 3, 7, 64, 1000]) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
      const journey = openTestJourney({ answers: [streams(...pieces)] });
      const caller = journey.call(chat({ stream: true }));
      expect(caller.text()).toBe(bytes.toString().replace(openAiUsage, ''));
      expect(journey.record().reply?.parts).toEqual([{ kind: 'text', text: 'Grüße 世界 🙂' }]);
      const crossing = openTestJourney({ answers: [streams(...pieces)] });
      expect(crossing.call(messages({ stream: true })).text()).toContain('🙂');
    }
  });

  test('is recorded before its last frame leaves, in either dialect', () => {
    for (const asked of [chat({ stream: true }), messages({ stream: true })]) {
      const journey = openTestJourney({ answers: [streams(...openAiStream('Hello'))] });
      const { log, text } = journey.call(asked);
      expect(log.slice(-3)).toEqual(['record', 'write', 'end']);
      expect(text()).toMatch(/(\[DONE\]|message_stop"\})\n\n$/);
    }
  });

  test('of a provider that forgets its closing frame is closed for it', () => {
    const frames = openAiStream('Hello').slice(0, -1);
    const journey = openTestJourney({ answers: [streams(...frames)] });
    const caller = journey.call(chat({ stream: true }));
    expect(dataOf(caller.text()).at(-1)).toBe('[DONE]');
    expect(caller.ending()).toBe('end');
  });

  test('gets the frame fields and last frames of its route', () => {
    const journey = openTestJourney({ answers: [streams(...openAiStream('Hello'))] });
    const decoration = { frameFields: { id: 'tr_req_1' }, lastFrames: () => [{ data: '{"choices":[]}' }] };
    const data = dataOf(journey.call({ ...chat({ stream: true }), decoration }).text());
    expect(data.at(-1)).toBe('[DONE]');
    expect(JSON.parse(data.at(-2) ?? '')).toEqual({ choices: [], id: 'tr_req_1' });
    for (const text of data.slice(0, -1)) expect(JSON.parse(text).id).toBe('tr_req_1');
  });

  test('that is silent for fifteen seconds shows that it lives', () => {
    const journey = openTestJourney();
    const caller = journey.call(chat({ stream: true }));
    const [role = '', first = '', ...rest] = openAiStream('Hello');
    const provider = journey.provider.last();
    provider.head(200, { 'content-type': 'text/event-stream' });
    provider.chunk(role + first);
    journey.advance(31_000);
    for (const frame of rest) provider.chunk(frame);
    expect(caller.text().match(/^: ping$/gm)).toHaveLength(2);
    expect(dataOf(caller.text()).at(-1)).toBe('[DONE]');
  });

  test('whose reply has no part at all is still a reply', () => {
    const journey = openTestJourney({ answers: [streams(...openAiStream())] });
    const caller = journey.call(chat({ stream: true }));
    expect(caller.status()).toBe(200);
    expect(dataOf(caller.text()).at(-1)).toBe('[DONE]');
    expect(journey.record()).toMatchObject({ status: 200, errorCode: undefined });
  });
});

describe('the record', () => {
  test('says the status that the caller saw, where its dialect has one of its own', () => {
    const journey = openTestJourney({ answers: [answers(503, { error: { message: 'Busy.' } })] });
    const caller = journey.call(messages());
    expect(caller.status()).toBe(529);
    expect(journey.record()).toMatchObject({ status: 529, errorCode: 'overloaded' });
  });

  test('continues the trace of the caller', () => {
    const journey = openTestJourney({ answers: [answers(200, openAiReply())] });
    journey.call({ traceparent: `00-${'b'.repeat(32)}-${'c'.repeat(16)}-01` });
    expect(journey.record()).toMatchObject({ traceId: 'b'.repeat(32), parentSpanId: 'c'.repeat(16) });
  });

  test('begins a trace when the caller has none, or none that is well-formed', () => {
    const journey = openTestJourney({ answers: [answers(200, openAiReply())] });
    journey.call({ traceparent: '00-xyz' });
    expect(journey.record()).toMatchObject({ traceId: 'a'.repeat(32), parentSpanId: undefined });
  });

  test('holds no content when the project, or the caller, wants metadata only', () => {
    const metadata = aPrincipal({ capture: 'metadata' });
    const wishes = [
      { principal: metadata },
      { principal: metadata, capture: 'full' },
      { capture: 'metadata' },
    ];
    for (const wish of [...wishes, { capture: 'everything' }]) {
      const journey = openTestJourney({ answers: [streams(...openAiStream('Hello'))] });
      journey.call({ ...chat({ stream: true }), ...wish });
      expect(journey.record()).toMatchObject({ request: undefined, reply: undefined });
      expect(journey.record().usage).toEqual({ inputFresh: 10, outputText: 5 });
    }
  });

  test('is marked where private values have to be taken out of it, and keeps its content until then', () => {
    for (const wish of [{ principal: aPrincipal({ capture: 'redacted' }) }, { capture: 'redacted' }]) {
      const journey = openTestJourney({ answers: [streams(...openAiStream('Hello'))] });
      journey.call({ ...chat({ stream: true }), ...wish });
      expect(journey.record()).toMatchObject({ mustRedact: true, reply: { parts: [{ text: 'Hello' }] } });
      expect(journey.record().request).toContain('messages');
    }
  });

  test('names the end user and the time to the first part', () => {
    const journey = openTestJourney();
    journey.call(chat({ stream: true, user: 'user-7' }));
    const provider = journey.provider.last();
    provider.head(200, { 'content-type': 'text/event-stream' });
    const [role = '', ...rest] = openAiStream('Hello');
    journey.advance(100);
    provider.chunk(role);
    journey.advance(140);
    for (const frame of rest) provider.chunk(frame);
    expect(journey.record()).toMatchObject({ userId: 'user-7', ttftMs: 240, attempts: [{ ttftMs: 240 }] });
  });
});

test('a test key reaches the sandbox mode only, and its calls cost nothing', () => {
  const sandbox = aTarget({ model: 'sandboxed' });
  const snapshot = { models: { 'model-1': [aTarget()] }, testModels: { 'model-1': [sandbox] } };
  const journey = openTestJourney({ answers: [answers(200, openAiReply())], snapshot });
  journey.call({ principal: aPrincipal({ mode: 'test' }) });
  expect(journey.provider.last().request.mode).toBe('test');
  expect(journey.provider.last().body.model).toBe('sandboxed');
  expect(journey.record()).toMatchObject({ mode: 'test', cost: { nanos: 0, label: 'sandbox' } });
});

test('what a target cannot honour is told in a header, safely', () => {
  const journey = openTestJourney({ answers: [answers(200, anthropicReply())], snapshot: claude });
  const caller = journey.call(chat({ seed: 7, 'odd\r\nx-evil: 1': true }));
  const losses = caller.headers()['x-tokenrouter-losses'] ?? '';
  expect(losses).toContain('seed');
  expect(losses).not.toMatch(/[\r\n]/);
  expect(journey.record().losses).toContainEqual({ path: 'seed', why: 'unsupported' });
});

test('headers of the dialect go to targets of that dialect and to no other', () => {
  for (const [snapshot, expected] of [
    [claude, 'beta-1'],
    [undefined, undefined],
  ] as const) {
    const journey = openTestJourney(snapshot === undefined ? {} : { snapshot });
    journey.call({ ...messages(), dialectHeaders: { 'anthropic-beta': 'beta-1' } });
    expect(journey.provider.last().request.headers['anthropic-beta']).toBe(expected);
  }
});

const IP = '127.0.0.1';

test('a key is accepted before any body is there, and only one that may call models', () => {
  const principals = {
    'digest of good': aPrincipal(),
    'digest of reader': aPrincipal({ permissions: new Set(['models:read']) }),
  };
  const { authenticate } = openTestJourney({ snapshot: { principals } });
  expect(authenticate('good', IP).ok).toBe(true);
  expect(authenticate('reader', IP)).toMatchObject({
    ok: false,
    error: { code: 'insufficient_permissions' },
  });
  expect(authenticate('bad', IP)).toMatchObject({ ok: false, error: { code: 'invalid_api_key' } });
});

describe('a body that cannot be read', () => {
  test('is refused in the dialect of the caller and recorded without its text', () => {
    const error = new GatewayError('invalid_json', 'The body is not JSON.', { retryable: false });
    for (const asked of [chat(), messages()]) {
      const journey = openTestJourney();
      const caller = journey.call({ ...asked, body: { ok: false, error }, bodyText: '{"model":' });
      expect(caller.status()).toBe(400);
      expect(caller.headers()).toMatchObject({ 'x-should-retry': 'false', 'x-request-id': 'req_1' });
      expect(caller.text()).toContain('The body is not JSON.');
      expect(journey.record()).toMatchObject({
        status: 400,
        errorCode: 'invalid_json',
        errorMessage: 'The body is not JSON.',
        request: undefined,
        attempts: [],
      });
    }
  });

  test('because of a field names that field', () => {
    const journey = openTestJourney();
    const caller = journey.call(chat({ messages: 'Hello' }));
    expect(caller.json()).toMatchObject({ error: { param: 'messages', http_status: 400 } });
  });

  test('because of a bug of ours is a 500 that says nothing, and is reported', () => {
    const dialect = dialects['openai-chat'];
    const readCall = (): never => {
      throw new Error('a bug');
    };
    const journey = openTestJourney();
    const caller = journey.call({ dialect: { ...dialect, inbound: { ...dialect.inbound, readCall } } });
    expect(caller.status()).toBe(500);
    expect(caller.text()).not.toContain('a bug');
    expect(journey.defects).toEqual([new Error('a bug')]);
  });
});
