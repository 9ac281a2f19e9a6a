import { answersJson, playsAnthropic, staysSilent } from '@app/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createClient1011, type Event1011 } from '../clients/client-1-0-11.ts';
import { createClient110, Error110 } from '../clients/client-1-1-0.ts';
import { OlderError } from '../clients/older-http.ts';
import { openResponsesServer, type ResponsesServer } from '../open-responses-server.ts';
import { testKeys } from '../test-keys.ts';

const ASK = { model: 'the-model', input: 'Hello?' };
const TEXT = 'Grüße aus Köln!';
const TOOL = {
  type: 'function',
  function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};

let open: ResponsesServer;
beforeAll(async () => {
  // Another dialect than theirs, so that what they see is made here and not passed on.
  open = await openResponsesServer({ dialect: 'anthropic-messages' });
});
afterAll(() => open.close());
afterEach(() => {
  expect(open.server.defects).toEqual([]);
  open.upstream.requests.length = 0;
});

async function failureOf(asked: Promise<unknown>): Promise<unknown> {
  return asked.then(
    () => {
      throw new Error('the call went well');
    },
    (error: unknown) => error,
  );
}

describe.each(['', '/api'])('the Responses client of the 1.0 line, at the base "%s"', (prefix) => {
  const client = (apiKey: string = testKeys.live) =>
    createClient1011({ baseUrl: `${open.server.url}${prefix}`, apiKey, pause: async () => {} });

  test('creates, gets, lists what it asked, and deletes', async () => {
    open.upstream.play(playsAnthropic({ text: TEXT }));
    const made = await client().create({ ...ASK, instructions: 'Be brief.' });
    expect(made).toMatchObject({ object: 'response', status: 'completed', output_text: TEXT });
    const id = String(made.id);
    expect(await client().get(id)).toEqual(made);
    expect(await client().listInputItems(id, '?order=asc&limit=1')).toMatchObject({
      object: 'list',
      data: [{ role: 'user', content: [{ type: 'input_text', text: 'Hello?' }] }],
      has_more: false,
    });
    expect(await client().delete(id)).toEqual({ id, object: 'response', deleted: true });
    expect(await failureOf(client().get(id))).toMatchObject({ status: 404 });
    expect(await failureOf(client().delete(id))).toMatchObject({ status: 404 });
  });

  test("streams OpenAI's events, and again by its id", async () => {
    open.upstream.play(playsAnthropic({ text: TEXT }));
    const events = await all(await client().stream(ASK));
    expect(events.at(0)?.type).toBe('response.created');
    const last = events.at(-1);
    expect(last).toMatchObject({ type: 'response.completed', response: { status: 'completed' } });
    const texts = events.filter(({ type }) => type === 'response.output_text.delta');
    expect(texts.map(({ delta }) => delta).join('')).toBe(TEXT);
    const again = await all(await client().getStream(String(Object(last?.response).id)));
    expect(again.at(-1)).toMatchObject({ type: last?.type, response: last?.response });
    expect(open.upstream.requests).toHaveLength(1);
  });

  test('streams the six events of our own, and stops at the last', async () => {
    open.upstream.play(playsAnthropic({ text: TEXT }));
    const events = await all(await client().stream({ ...ASK, stream_options: { format: 'tokenrouter' } }));
    // Two of them have a type of their own in what they say, which goes before the event's name.
    expect([...new Set(events.map(({ type }) => type))]).toEqual([
      'metadata',
      'message',
      'content.delta',
      'usage',
      'message_end',
    ]);
    const texts = events.filter(({ type }) => type === 'content.delta');
    expect(texts.map(({ delta }) => Object(delta).text).join('')).toBe(TEXT);
    expect(events.at(0)).toMatchObject({ provider: 'acme', model: 'the-model' });
    expect(events.find(({ type }) => type === 'usage')).toMatchObject({ input_tokens: 21, output_tokens: 7 });
  });

  test('offers tools in the nested form, and answers their calls as it knows to', async () => {
    const input = { city: 'Zürich' };
    open.upstream.play(playsAnthropic({ tool: { id: 'call_1', name: 'get_weather', input } }));
    const made = await client().create({ ...ASK, tools: [TOOL] });
    expect(made.tools).toMatchObject([TOOL]);
    expect(made.output).toMatchObject([{ type: 'function_call', name: 'get_weather', call_id: 'call_1' }]);
    open.upstream.play(playsAnthropic({ text: 'Rain.' }));
    const result = { type: 'function_result', call_id: 'call_1', output: 'rain' };
    const next = await client().create({
      ...ASK,
      tools: [TOOL],
      previous_response_id: made.id,
      input: [result],
    });
    expect(next.output_text).toBe('Rain.');
    expect(JSON.stringify(open.upstream.requests.at(-1)?.json?.messages)).toContain('"tool_use_id":"call_1"');
  });

  test('cancels what runs in the background', async () => {
    open.upstream.play(staysSilent);
    const made = await client().create({ ...ASK, background: true });
    expect(made.status).toMatch(/^(queued|in_progress)$/);
    const request = await open.upstream.received(0);
    expect(await client().cancel(String(made.id))).toMatchObject({ id: made.id, status: 'cancelled' });
    expect(await request.closed).toBe('aborted');
    expect(await client().get(String(made.id))).toMatchObject({ status: 'cancelled', output_text: '' });
  });

  test('knows its errors by their class and sentence', async () => {
    const refused = await failureOf(client('tr_live_nobody').create(ASK));
    expect(refused).toBeInstanceOf(OlderError);
    expect(refused).toMatchObject({ name: 'AuthenticationError', status: 401 });
    const forbidden = await failureOf(client(testKeys.noPermission).create(ASK));
    expect(forbidden).toMatchObject({ name: 'AuthenticationError', status: 403 });
    const bad = await failureOf(client().create({ model: 'the-model' }));
    expect(bad).toMatchObject({ name: 'InvalidRequestError', message: expect.stringContaining('input') });
    const streamed = await failureOf(client('tr_live_nobody').stream(ASK));
    expect(streamed).toMatchObject({ name: 'APIStatusError', status: 401 });
    expect(open.upstream.requests).toEqual([]);
  });
});

describe('the generated client of 1.1', () => {
  const waits: number[] = [];
  const client = (apiKey: string = testKeys.live) =>
    createClient110({
      baseURL: open.server.url,
      apiKey,
      pause: async (ms) => {
        waits.push(ms);
      },
    });
  afterEach(() => {
    waits.length = 0;
  });

  test('creates by router_mode and text.type, and replays as JSON and as one text', async () => {
    open.upstream.play(playsAnthropic({ text: '{"city":"Bern"}' }));
    const json_schema = {
      name: 'city',
      schema: { type: 'object', properties: { city: { type: 'string' } } },
    };
    const made = await client().createResponse({
      ...ASK,
      router_provider: 'acme',
      text: { type: 'json_schema', json_schema },
    });
    expect(made).toMatchObject({ status: 'completed', metadata: { provider: 'acme' } });
    expect(JSON.stringify(open.upstream.requests[0]?.json?.output_config)).toContain('"city"');
    const { metadata } = Object(made);
    expect(await client().replay(metadata.request_id)).toEqual(made);
    const text = await client().replay(metadata.request_id, { stream: true });
    expect(text).toMatch(/^event: response\.created\ndata: \{/);
    expect(text).toMatch(/\ndata: \[DONE\]\n\n$/);
    expect(open.upstream.requests).toHaveLength(1);
    const streamed = await client().createResponse({ ...ASK, stream: true });
    expect(streamed).toMatch(/\ndata: \[DONE\]\n\n$/);
  });

  test('does not try again where another try cannot help', async () => {
    open.upstream.play(playsAnthropic({ text: TEXT }));
    const { metadata } = Object(await client().createResponse({ ...ASK, store: false }));
    const nothing = await failureOf(client().replay(metadata.request_id));
    expect(nothing).toBeInstanceOf(Error110);
    expect(nothing).toMatchObject({
      name: 'ConflictError',
      status: 409,
      body: { error: { code: 'nothing_to_replay', type: 'conflict_error' } },
    });
    const unknown = await failureOf(client().replay(`req_${'0'.repeat(26)}`, { stream: true }));
    expect(unknown).toMatchObject({ name: 'NotFoundError', status: 404 });
    expect(await failureOf(client('tr_live_nobody').createResponse(ASK))).toMatchObject({
      name: 'AuthenticationError',
    });
    expect(waits).toEqual([]);
  });

  test('tries again after a failure and a limit, as long as it is told to wait', async () => {
    const limit = { error: { type: 'rate_limit_error', message: 'Slow down.' } };
    open.upstream.play(
      answersJson(limit, 429, { 'retry-after': '7' }),
      answersJson({}, 500),
      playsAnthropic({ text: TEXT }),
    );
    const made = await client().createResponse(ASK);
    expect(made).toMatchObject({ status: 'completed' });
    expect(open.upstream.requests).toHaveLength(3);
    expect(waits[0]).toBe(7_000);
    expect(waits[1]).toBeGreaterThan(0);
    open.upstream.play(answersJson(limit, 429));
    expect(await failureOf(client().createResponse(ASK))).toMatchObject({
      name: 'RateLimitError',
      status: 429,
    });
    expect(open.upstream.requests).toHaveLength(6);
  });
});

async function all(stream: AsyncIterable<Event1011>): Promise<Event1011[]> {
  const events: Event1011[] = [];
  for await (const event of stream) events.push(event);
  return events;
}
