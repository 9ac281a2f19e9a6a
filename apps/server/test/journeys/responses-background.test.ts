import { type FakeUpstream, playsOpenAi, type Script, staysSilent, streamsText } from '@app/testkit';
import type OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openResponsesServer, type ResponsesServer } from '../open-responses-server.ts';
import { testKeys } from '../test-keys.ts';
import { waitUntil } from '../wait-until.ts';

let open: ResponsesServer;
let openai: OpenAI;
let upstream: FakeUpstream;
beforeAll(async () => {
  open = await openResponsesServer();
  ({ upstream } = open);
  openai = open.client();
});
afterAll(() => open.close());
afterEach(() => {
  expect(open.server.defects).toEqual([]);
  upstream.requests.length = 0;
});

/** A provider that waits for a sign before it goes on. */
function gated(): { script: Script; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    open: resolve,
    script: async (response, request) => {
      await promise;
      await playsOpenAi({ text: 'One two three four' })(response, request);
    },
  };
}

const chunk = (content: string) =>
  `data: ${JSON.stringify({
    id: 'c',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }],
  })}\n\n`;

async function ended(id: string): Promise<OpenAI.Responses.Response> {
  let response = await openai.responses.retrieve(id);
  await waitUntil(async () => {
    response = await openai.responses.retrieve(id);
    return response.status !== 'queued' && response.status !== 'in_progress';
  });
  return response;
}

test('a background response is answered at once, runs on, and is there when it has ended', async () => {
  const gate = gated();
  upstream.play(gate.script);
  const queued = await openai.responses.create({ model: 'the-model', input: 'Count.', background: true });
  expect(queued).toMatchObject({ status: 'queued', background: true, output: [] });
  expect(await openai.responses.retrieve(queued.id)).toMatchObject({ status: 'in_progress' });
  gate.open();
  const done = await ended(queued.id);
  expect(done).toMatchObject({ status: 'completed', background: true, created_at: queued.created_at });
  expect(done.output_text).toBe('One two three four');
  expect(done.metadata).toMatchObject({ provider: 'acme', routing_mode: 'pinned', stop_reason: 'end_turn' });
  await open.server.responses.turns.flush();
  expect((await openai.responses.retrieve(queued.id)).output_text).toBe('One two three four');
  upstream.play(playsOpenAi({ text: 'Five' }));
  await openai.responses.create({ model: 'the-model', input: 'And?', previous_response_id: queued.id });
  expect(upstream.requests.at(-1)?.body).toContain('One two three four');
});

test('a caller may leave a background stream and come back to where it was, while it runs and after', async () => {
  const gate = gated();
  upstream.play(gate.script);
  const stream = await openai.responses.create({
    model: 'the-model',
    input: 'Count.',
    background: true,
    stream: true,
  });
  let id = '';
  for await (const event of stream) {
    if ('response' in event) id = event.response.id;
    if (event.type === 'response.queued') break;
  }
  const whileRunning = collect(await openai.responses.retrieve(id, { stream: true, starting_after: 1 }));
  gate.open();
  const live = await whileRunning;
  expect(live[0]?.sequence_number).toBe(2);
  expect(live.at(-1)?.type).toBe('response.completed');
  const numbers = live.map((event) => event.sequence_number);
  expect(numbers).toEqual(numbers.map((_, at) => at + 2));
  await ended(id);
  for (const isWritten of [false, true]) {
    if (isWritten) await open.server.responses.turns.flush();
    expect(await collect(await openai.responses.retrieve(id, { stream: true, starting_after: 1 }))).toEqual(
      live,
    );
    const tail = await collect(await openai.responses.retrieve(id, { stream: true, starting_after: 5 }));
    expect(tail).toEqual(live.filter((event) => event.sequence_number > 5));
  }
  const resumed = openai.responses.stream({ response_id: id, starting_after: 3 });
  expect((await resumed.finalResponse()).output_text).toBe('One two three four');
});

async function collect(stream: AsyncIterable<OpenAI.Responses.ResponseStreamEvent>) {
  const events: OpenAI.Responses.ResponseStreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

test('cancelling stops the provider, keeps what is there, and can be done twice', async () => {
  upstream.play(streamsText(chunk('Once upon') + chunk(' a time'), { ending: 'stall' }));
  const stream = await openai.responses.create({
    model: 'the-model',
    input: 'Tell.',
    background: true,
    stream: true,
  });
  let id = '';
  for await (const event of stream) {
    if ('response' in event) id = event.response.id;
    if (event.type === 'response.output_text.delta') break;
  }
  expect(upstream.requests).toHaveLength(1);
  const cancelled = await openai.responses.cancel(id);
  expect(cancelled.status).toBe('cancelled');
  expect(await upstream.requests[0]?.closed).toBe('aborted');
  expect(await openai.responses.cancel(id)).toMatchObject({ id, status: 'cancelled' });
  await open.server.responses.turns.flush();
  expect(await openai.responses.retrieve(id)).toMatchObject({ status: 'cancelled' });
  expect(await openai.responses.cancel(id)).toMatchObject({ id, status: 'cancelled' });
});

test('a response whose caller waited for it cannot be cancelled', async () => {
  upstream.play(playsOpenAi({ text: 'Hi' }));
  const reply = await openai.responses.create({ model: 'the-model', input: 'Hello?' });
  await expect(openai.responses.cancel(reply.id)).rejects.toMatchObject({ status: 400 });
});

test('what fails in the background is a response that failed, and what is refused at once is an error', async () => {
  upstream.play((response) => void response.writeHead(401, { 'content-type': 'application/json' }).end('{}'));
  const queued = await openai.responses.create({ model: 'the-model', input: 'Hi', background: true });
  const failed = await ended(queued.id);
  expect(failed.status).toBe('failed');
  expect(failed.error?.code).toBe('server_error');
  upstream.play(streamsText(chunk('Half'), { ending: 'cut' }));
  const cut = await openai.responses.create({
    model: 'the-model',
    input: 'Hi',
    background: true,
    stream: true,
  });
  const events = await collect(cut).catch(() => []);
  expect(events.map(({ type }) => type)).not.toContain('response.completed');
  const before = upstream.requests.length;
  await expect(
    openai.responses.create({ model: 'nobody', input: 'Hi', background: true }),
  ).rejects.toMatchObject({
    status: 404,
    code: 'model_not_found',
  });
  await expect(
    openai.responses.create({ model: 'the-model', input: 'Hi', background: true, store: false }),
  ).rejects.toMatchObject({ status: 400, param: 'background' });
  expect(upstream.requests).toHaveLength(before);
});

test('deleting a running response stops it, and nothing of it comes back', async () => {
  const gate = gated();
  upstream.play(gate.script);
  const queued = await openai.responses.create({ model: 'the-model', input: 'Hi', background: true });
  await open.server.responses.turns.flush();
  await openai.responses.delete(queued.id);
  gate.open();
  await open.server.responses.turns.flush();
  await expect(openai.responses.retrieve(queued.id)).rejects.toMatchObject({ status: 404 });
});

test('cancelling and ending at the same moment leave one end', async () => {
  for (let round = 0; round < 10; round += 1) {
    const gate = gated();
    upstream.play(gate.script);
    const { id } = await openai.responses.create({ model: 'the-model', input: 'Hi', background: true });
    gate.open();
    const outcomes = await Promise.all([1, 2, 3].map(() => openai.responses.cancel(id)));
    const final = await ended(id);
    await open.server.responses.turns.flush();
    expect(['cancelled', 'completed']).toContain(final.status);
    expect((await openai.responses.retrieve(id)).status).toBe(final.status);
    expect(outcomes.at(-1)?.status).toBe(final.status);
  }
});

test('a key has so many background responses under way and no more', async () => {
  const narrow = await open.another({ limits: { runsOfKeyMax: 2 } });
  upstream.play(staysSilent);
  const create = () =>
    open.send('POST', '/v1/responses', {
      url: narrow.url,
      body: { model: 'the-model', input: 'Hi', background: true },
    });
  const answers = [await create(), await create(), await create()];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(answers[2]?.json.error.code).toBe('concurrency_limit_exceeded');
  await open.send('POST', `/v1/responses/${answers[0]?.json.id}/cancel`, { url: narrow.url, body: {} });
  expect((await create()).status).toBe(200);
});

test('a call of a key without room among its calls is refused at once', async () => {
  upstream.play(staysSilent);
  const create = () =>
    open.send('POST', '/v1/responses', {
      key: 'narrow',
      body: { model: 'the-model', input: 'Hi', background: true },
    });
  const first = await create();
  expect(first.status).toBe(200);
  expect(await create()).toMatchObject({ status: 429 });
  await open.send('POST', `/v1/responses/${first.json.id}/cancel`, { body: {} });
});

test('another server cancels what this one works on', async () => {
  const other = await open.another({ serverId: 'srv_other' });
  upstream.play(staysSilent);
  const { id } = await openai.responses.create({ model: 'the-model', input: 'Hi', background: true });
  await upstream.received(0);
  await open.server.responses.turns.flush();
  expect((await open.send('GET', `/v1/responses/${id}`, { url: other.url })).json.status).toBe('in_progress');
  const cancelled = await open.send('POST', `/v1/responses/${id}/cancel`, { url: other.url, body: {} });
  expect(cancelled.json.status).toBe('cancelled');
  expect(await upstream.requests[0]?.closed).toBe('aborted');
});

test('a server that stops gives what runs its time, then ends it as interrupted', async () => {
  const stopping = await open.another({ serverId: 'srv_stopping' });
  const gate = gated();
  upstream.play(gate.script, staysSilent);
  const create = async () =>
    (
      await open.send('POST', '/v1/responses', {
        url: stopping.url,
        body: { model: 'the-model', input: 'Hi', background: true },
      })
    ).json.id;
  const [quick, slow] = [await create(), await create()];
  await upstream.received(1);
  const drained = stopping.responses.background.drain(200);
  gate.open();
  await drained;
  await stopping.responses.turns.flush();
  expect(await openai.responses.retrieve(quick)).toMatchObject({ status: 'completed' });
  const failed = await openai.responses.retrieve(slow);
  expect(failed).toMatchObject({ status: 'failed', error: { code: 'server_error' } });
  expect(failed.error?.message).toContain('interrupted');
});

test('what a killed server worked on is found as failed by the next one', async () => {
  upstream.play(staysSilent);
  const killed = await open.another({ serverId: 'srv_killed' });
  const { json } = await open.send('POST', '/v1/responses', {
    url: killed.url,
    body: { model: 'the-model', input: 'Hi', background: true },
    headers: { authorization: `Bearer ${testKeys.live}` },
  });
  await killed.responses.turns.flush();
  expect(await openai.responses.retrieve(json.id)).toMatchObject({ status: 'in_progress' });
  const { responses } = open.store.store;
  await responses.failInterruptedResponses({ serverId: 'srv_test', seenWithinMs: 10_000 });
  const failed = await openai.responses.retrieve(json.id);
  expect(failed).toMatchObject({ status: 'failed', error: { code: 'server_error' } });
  expect(failed.error?.message).toContain('interrupted');
  expect(
    (await open.send('POST', `/v1/responses/${json.id}`, { body: { stream: true } })).text,
  ).not.toContain('[DONE]');
});

test('a key that is revoked pays for nothing more: what runs for it is stopped, and for others goes on', async () => {
  let isRevoked = false;
  const other = await open.another({
    serverId: 'srv_third',
    isAdmitted: (secret) => secret !== testKeys.slow || !isRevoked,
  });
  upstream.play(staysSilent);
  const body = { model: 'the-model', input: 'Hi', background: true };
  const begin = async (key: 'slow' | 'live') =>
    (await open.send('POST', '/v1/responses', { url: other.url, key, body })).json.id;
  const [revoked, live] = [await begin('slow'), await begin('live')];
  const asked = [await upstream.received(0), await upstream.received(1)];
  isRevoked = true;
  expect(await asked[0]?.closed).toBe('aborted');
  const statusOf = async (id: string) =>
    (await open.send('GET', `/v1/responses/${id}`, { url: other.url })).json.status;
  expect(await statusOf(revoked)).toBe('cancelled');
  expect(await statusOf(live)).toBe('in_progress');
  await open.send('DELETE', `/v1/responses/${live}`, { url: other.url });
});
