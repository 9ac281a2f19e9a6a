import { answersJson, playsResponses, streamsText } from '@app/testkit';
import type OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createClient1011 } from '../clients/client-1-0-11.ts';
import { createClient110 } from '../clients/client-1-1-0.ts';
import { openResponsesServer, type ResponsesServer } from '../open-responses-server.ts';
import { testKeys } from '../test-keys.ts';

let open: ResponsesServer;
let openai: OpenAI;
beforeAll(async () => {
  open = await openResponsesServer({ dialect: 'openai-responses' });
  openai = open.client();
});
afterAll(() => open.close());
afterEach(() => {
  expect(open.server.defects).toEqual([]);
  open.upstream.requests.length = 0;
});

const create = (body: object = {}) =>
  open.send('POST', '/v1/responses', { body: { model: 'the-model', input: 'Hi', ...body } });
const eventsOf = (text: string) =>
  [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => JSON.parse(data ?? ''));

test('a stored reply is replayed by its request’s id, whole and as a stream, without the provider', async () => {
  open.upstream.play(playsResponses({ text: 'Grüße', tool: { id: 'call_1', name: 'f', input: { a: 1 } } }));
  const { json } = await create();
  open.upstream.requests.length = 0;
  const client = createClient110({ baseURL: open.server.url, apiKey: testKeys.live, maxRetries: 0 });
  const requestId = json.metadata.request_id ?? '';
  for (const isWritten of [false, true]) {
    if (isWritten) await open.server.responses.turns.flush();
    expect(await client.replay(requestId)).toEqual(json);
    expect(await client.replay(json.id, { stream: false })).toEqual(json);
    const text = String(await client.replay(requestId, { stream: true }));
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    const events = eventsOf(text);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, at) => at));
    expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: json });
    expect(events.filter(({ type }) => type.endsWith('.delta')).map(({ delta }) => delta)).toEqual([
      'Grüße',
      '{"a":1}',
    ]);
  }
  expect(open.upstream.requests).toEqual([]);
});

test('nothing to replay is 409 for a call that was made, 404 for one that was not, and neither is tried again', async () => {
  open.upstream.play(playsResponses({ text: 'Hi' }));
  const { json } = await create({ store: false });
  expect(json.store).toBe(false);
  expect((await open.send('GET', `/v1/responses/${json.id}`)).status).toBe(404);
  const nothing = await open.send('POST', `/v1/responses/${json.metadata.request_id}`, { body: {} });
  expect(nothing.status).toBe(409);
  expect(nothing.json.error).toMatchObject({ type: 'conflict_error', code: 'nothing_to_replay' });
  expect(nothing.headers.get('x-should-retry')).toBe('false');
  const unknown = await open.send('POST', `/v1/responses/req_${'0'.repeat(26)}`, { body: { stream: true } });
  expect(unknown.status).toBe(404);
  expect(unknown.headers.get('x-should-retry')).toBe('false');
  await open.server.responses.turns.flush();
  const rows = await open.store.store.responses.listStoredResponses('proj_test', {
    mode: 'live',
    ids: [json.id],
    nowMs: Date.now(),
  });
  expect(rows).toEqual([]);
});

test('the older Responses client reads, streams, lists, cancels and deletes, also under its older prefix', async () => {
  open.upstream.play(playsResponses({ text: 'Hello there' }));
  for (const baseUrl of [open.server.url, `${open.server.url}/api`]) {
    const client = createClient1011({ baseUrl, apiKey: testKeys.live });
    const made = await client.create({ model: 'the-model', input: 'Hi' });
    expect(made.output_text).toBe('Hello there');
    const id = String(made.id);
    expect((await client.get(id)).output_text).toBe('Hello there');
    const types: unknown[] = [];
    for await (const event of await client.getStream(id)) types.push(event.type);
    expect(types.at(-1)).toBe('response.completed');
    expect(await client.listInputItems(id)).toMatchObject({ object: 'list', has_more: false });
    expect(await client.delete(id)).toEqual({ id, object: 'response', deleted: true });
  }
});

test('input items come in pages, newest first unless asked otherwise, with those of the turns before', async () => {
  open.upstream.play(playsResponses({ text: 'One' }));
  const input = ['a', 'b', 'c'].map((content) => ({ role: 'user' as const, content }));
  const first = await openai.responses.create({ model: 'the-model', input });
  const second = await openai.responses.create({
    model: 'the-model',
    input: 'd',
    previous_response_id: first.id,
  });
  const textOf = (item: unknown) =>
    (item as { content: { text: string }[] }).content.map(({ text }) => text).join('');
  for (const isWritten of [false, true]) {
    if (isWritten) await open.server.responses.turns.flush();
    const texts: string[] = [];
    for await (const item of openai.responses.inputItems.list(second.id, { limit: 2, order: 'asc' }))
      texts.push(textOf(item));
    expect(texts).toEqual(['a', 'b', 'c', 'One', 'd']);
    const page = await openai.responses.inputItems.list(second.id, { limit: 2 });
    expect(page.data.map(textOf)).toEqual(['d', 'One']);
    expect(page.has_more).toBe(true);
    const next = await openai.responses.inputItems.list(second.id, { after: page.data[1]?.id ?? '' });
    expect(next.data.map(textOf)).toEqual(['c', 'b', 'a']);
    const own = await openai.responses.inputItems.list(first.id);
    expect(own.data.map(textOf)).toEqual(['c', 'b', 'a']);
    expect(own.data.every((item) => /^msg_\w+$/.test(item.id ?? ''))).toBe(true);
    expect((await openai.responses.inputItems.list(first.id, { after: 'msg_none' })).data).toEqual([]);
  }
});

test('sealed thinking goes along into the next turn, and is shown to whoever asks for it', async () => {
  open.upstream.play(playsResponses({ signature: 'gAAAA-thoughts', text: 'Four.' }));
  const first = await openai.responses.create({
    model: 'the-model',
    input: '2+2?',
    reasoning: { effort: 'low' },
  });
  await openai.responses.create({ model: 'the-model', input: 'Why?', previous_response_id: first.id });
  const sent = JSON.parse(open.upstream.requests.at(-1)?.body ?? '{}');
  expect(sent.store).toBe(false);
  const [question, thinking, answer] = sent.input;
  expect([question.content, thinking.encrypted_content, answer.content[0].text]).toEqual([
    '2+2?',
    'gAAAA-thoughts',
    'Four.',
  ]);
  const plain = await openai.responses.retrieve(first.id);
  expect(JSON.stringify(plain)).not.toContain('gAAAA');
  const whole = await openai.responses.retrieve(first.id, { include: ['reasoning.encrypted_content'] });
  expect(JSON.stringify(whole)).toContain('gAAAA-thoughts');
  // Who sends its items back without the seal, trusting that it is kept here, loses nothing.
  const [shown, message] = plain.output;
  await openai.responses.create({
    model: 'the-model',
    input: [
      { role: 'user', content: '2+2?' },
      shown,
      message,
      { role: 'user', content: 'Sure?' },
    ] as OpenAI.Responses.ResponseInput,
  });
  expect(open.upstream.requests.at(-1)?.body).toContain('gAAAA-thoughts');
});

test('the provider’s own fields survive storing, and a failed stream is kept as one that failed', async () => {
  open.upstream.play(playsResponses({ text: 'Hi' }));
  const { json } = await create();
  expect(json.provider_extra).toBe('kept');
  expect((await open.send('GET', `/v1/responses/${json.id}`)).json).toEqual(json);
  const opening = { ...json, status: 'in_progress', output: [] };
  const frames = [
    { type: 'response.created', sequence_number: 0, response: opening },
    {
      type: 'response.output_item.added',
      sequence_number: 1,
      output_index: 0,
      item: { id: 'msg_9', type: 'message', role: 'assistant', status: 'in_progress', content: [] },
    },
    {
      type: 'response.content_part.added',
      sequence_number: 2,
      item_id: 'msg_9',
      output_index: 0,
      content_index: 0,
      part: { type: 'output_text', text: '', annotations: [] },
    },
    {
      type: 'response.output_text.delta',
      sequence_number: 3,
      item_id: 'msg_9',
      output_index: 0,
      content_index: 0,
      delta: 'Ha',
      logprobs: [],
    },
  ];
  const text = frames.map((frame) => `event: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`).join('');
  open.upstream.play(streamsText(text, { ending: 'cut' }));
  const broken = await fetch(`${open.server.url}/v1/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${testKeys.live}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'the-model', input: 'Hi', stream: true }),
  });
  const id = `resp_${String(broken.headers.get('x-request-id')).slice(4)}`;
  await broken.text().catch(() => undefined);
  const failed = await open.send('GET', `/v1/responses/${id}`);
  expect(failed.json).toMatchObject({ id, status: 'failed', error: { code: 'server_error' } });
});

test('a refused call keeps nothing', async () => {
  open.upstream.play(answersJson({ error: { message: 'No.', type: 'invalid_request_error' } }, 400));
  const refused = await create();
  expect(refused.status).toBe(400);
  const id = `resp_${String(refused.headers.get('x-request-id')).slice(4)}`;
  expect((await open.send('GET', `/v1/responses/${id}`)).status).toBe(404);
});

test('our own six events can be asked for in two ways, and what they say is kept as well', async () => {
  open.upstream.play(playsResponses({ text: 'Hello there' }));
  const body = { model: 'the-model', input: 'Hi', stream: true };
  const asked = [
    { body: { ...body, stream_options: { format: 'tokenrouter' } } },
    { body, headers: { 'x-tokenrouter-stream': 'native' } },
  ];
  for (const one of asked) {
    const answer = await open.send('POST', '/v1/responses', one);
    const names = [...answer.text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name);
    expect([...new Set(names)]).toEqual([
      'metadata',
      'message.start',
      'content.delta',
      'usage',
      'message.end',
      'done',
    ]);
    expect(answer.text.endsWith('event: done\ndata: [DONE]\n\n')).toBe(true);
    const [metadata] = eventsOf(answer.text);
    expect(metadata).toMatchObject({ provider: 'acme' });
    const kept = await open.send('GET', `/v1/responses/${metadata.id}`);
    expect(kept.json).toMatchObject({
      id: metadata.id,
      status: 'completed',
      output: [{ content: [{ text: 'Hello there' }] }],
    });
    expect(open.upstream.requests.at(-1)?.body).not.toContain('tokenrouter');
  }
});

test('the fields of the generated SDKs choose the target, and nested tools are answered nested', async () => {
  const tool = { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } };
  open.upstream.play(playsResponses({ text: 'Hi' }));
  const { json, headers } = await open.send('POST', '/v1/responses', {
    body: {
      input: 'Hi',
      router_model: 'the-model',
      router_provider: 'acme',
      router_mode: 'cost',
      tools: [tool],
    },
  });
  expect(json.metadata).toMatchObject({ provider: 'acme', routed_model: 'the-model', routing_mode: 'cost' });
  expect(headers.get('x-tokenrouter-mode')).toBe('cost');
  expect(json.tools).toEqual([tool]);
});

test('a conversation is changed, read and deleted with all its items', async () => {
  const made = await openai.conversations.create({ metadata: { topic: 'one' } });
  expect(made).toMatchObject({ object: 'conversation', metadata: { topic: 'one' } });
  expect(await openai.conversations.retrieve(made.id)).toMatchObject({
    id: made.id,
    created_at: made.created_at,
  });
  const changed = await openai.conversations.update(made.id, { metadata: { topic: 'two' } });
  expect(changed.metadata).toEqual({ topic: 'two' });
  const added = await openai.conversations.items.create(made.id, {
    items: [
      { type: 'message', role: 'user', content: 'First' },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Second' }] },
    ],
  });
  expect(added.data).toHaveLength(2);
  const [first, second] = added.data;
  const got = await openai.conversations.items.retrieve(first?.id ?? '', { conversation_id: made.id });
  expect(got).toMatchObject({ role: 'user', content: [{ type: 'input_text', text: 'First' }] });
  const left = await openai.conversations.items.delete(first?.id ?? '', { conversation_id: made.id });
  expect(left).toMatchObject({ id: made.id, object: 'conversation' });
  const page = await openai.conversations.items.list(made.id);
  expect(page.data.map(({ id }) => id)).toEqual([second?.id]);
  expect(await openai.conversations.delete(made.id)).toEqual({
    id: made.id,
    object: 'conversation.deleted',
    deleted: true,
  });
  await expect(openai.conversations.retrieve(made.id)).rejects.toMatchObject({ status: 404 });
  await expect(openai.conversations.items.list(made.id)).rejects.toMatchObject({ status: 404 });
});
