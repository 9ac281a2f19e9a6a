import { playsOpenAi, staysSilent } from '@app/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openResponseUpkeep } from '../../src/jobs/open-response-upkeep.ts';
import { awayTables } from '../away-tables.ts';
import { makeCanary, searchFolder } from '../find-canaries.ts';
import { openResponsesServer, type ResponsesServer } from '../open-responses-server.ts';
import { type OwnTestStore, openOwnTestStore } from '../open-test-store.ts';
import { createKey, makePlace, type Place, type ServerProcess, startProcess } from '../start-process.ts';
import { waitUntil } from '../wait-until.ts';

let open: ResponsesServer;
let own: OwnTestStore;
beforeAll(async () => {
  own = await openOwnTestStore();
  open = await openResponsesServer({ store: own });
  open.upstream.play(playsOpenAi({ text: 'Fine.' }));
});
afterAll(() => open.close());
afterEach(() => expect(open.server.defects).toEqual([]));

const create = (body: object = {}) =>
  open.send('POST', '/v1/responses', { body: { model: 'the-model', input: 'Hi', ...body } });
const fetched = async (id: string) => (await open.send('GET', `/v1/responses/${id}`)).status;

const upkeepAt = (nowMs: number, conversationsMs?: number) =>
  openResponseUpkeep({
    tables: open.store.store,
    serverId: 'srv_test',
    serverSeenWithinMs: 10_000,
    conversationsMs,
    nowMs: () => nowMs,
    schedule: () => () => {},
    onWarning: () => {},
  });

test('what is older than its retention is deleted, and what is not stays', async () => {
  const { id } = (await create()).json;
  await open.server.responses.turns.flush();
  await upkeepAt(Date.now()).run();
  expect(await fetched(id)).toBe(200);
  // The test server keeps replies for an hour.
  await upkeepAt(Date.now() + 3_600_001).run();
  expect(await fetched(id)).toBe(404);
});

test('a conversation that nobody uses is deleted after its time, and never when there is none', async () => {
  const { id } = (await open.send('POST', '/v1/conversations', { body: {} })).json;
  const later = Date.now() + 10_000;
  await upkeepAt(later).run();
  await upkeepAt(later, 60_000).run();
  expect((await open.send('GET', `/v1/conversations/${id}`)).status).toBe(200);
  await upkeepAt(later, 5_000).run();
  expect((await open.send('GET', `/v1/conversations/${id}`)).status).toBe(404);
});

test('a call that keeps nothing and goes on from nothing asks the database nothing', async () => {
  await open.server.responses.turns.flush();
  const asked: string[] = [];
  const watched = <Table extends object>(table: Table): Table =>
    new Proxy(table, {
      get: (target, name, self) => {
        asked.push(String(name));
        return Reflect.get(target, name, self);
      },
    });
  const { responses, conversations } = open.store.store;
  const server = await open.another({
    tables: { responses: watched(responses), conversations: watched(conversations) },
  });
  asked.length = 0;
  const body = { model: 'the-model', input: 'Hi', store: false };
  expect((await open.send('POST', '/v1/responses', { url: server.url, body })).status).toBe(200);
  await open.send('POST', '/v1/responses', { url: server.url, body: { ...body, stream: true } });
  expect(asked).toEqual([]);
  await open.send('POST', '/v1/responses', { url: server.url, body: { ...body, store: true } });
  await server.responses.turns.flush();
  expect(asked).toContain('insertStoredResponses');
});

test('a row that was moved to another name, project or mode is not read', async () => {
  const { id } = (await create({ input: 'Moved' })).json;
  await open.server.responses.turns.flush();
  const { responses } = open.store.store;
  const [row] = await responses.listStoredResponses('proj_test', { mode: 'live', ids: [id], nowMs: 0 });
  const at = { createdAtMs: Date.now(), expiresAtMs: Date.now() + 60_000 };
  const moved = {
    ...at,
    keyId: 'key_x',
    status: 'completed' as const,
    previousId: undefined,
    conversationId: undefined,
    itemIds: [],
    serverId: undefined,
    sealed: row?.sealed ?? Buffer.alloc(0),
  };
  const other = `resp_${'7'.repeat(26)}`;
  await responses.insertStoredResponses([
    { ...moved, projectId: 'proj_other', mode: 'live', id },
    { ...moved, projectId: 'proj_test', mode: 'test', id },
    { ...moved, projectId: 'proj_test', mode: 'live', id: other },
  ]);
  expect((await open.send('GET', `/v1/responses/${id}`, { key: 'other' })).status).toBe(404);
  expect((await open.send('GET', `/v1/responses/${id}`, { key: 'sandbox' })).status).toBe(404);
  expect(await fetched(other)).toBe(404);
  expect(await fetched(id)).toBe(200);
});

test('while PostgreSQL is away calls go on, the latest replies are there, and all of them are when it is back', async () => {
  const before = (await create()).json.id;
  await open.server.responses.turns.flush();
  await own.postgres.stop();
  const first = await create();
  const second = await create({ previous_response_id: first.json.id });
  expect([first.status, second.status]).toEqual([200, 200]);
  expect(await fetched(first.json.id)).toBe(200);
  // What only the database knows is 503, which a client tries again, and never 404.
  expect(await fetched(before)).toBe(503);
  expect((await create({ previous_response_id: before })).status).toBe(503);
  expect((await create({ store: false })).status).toBe(200);
  expect(open.server.responses.turns.stats()).toMatchObject({ waiting: 2, lost: 0 });
  await own.postgres.restart();
  await waitUntil(() => open.server.responses.turns.stats().waiting === 0);
  expect(await fetched(second.json.id)).toBe(200);
  expect(await fetched(before)).toBe(200);
}, 60_000);

test('when too much waits for the database, storing stops and is counted, and calls go on', async () => {
  const full = await open.another({ limits: { pendingBytesMax: 6_000 }, tables: awayTables });
  const make = (body: object = {}) =>
    open.send('POST', '/v1/responses', {
      url: full.url,
      body: { model: 'the-model', input: 'x'.repeat(2_000), ...body },
    });
  const answers = [await make(), await make(), await make()];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(full.responses.turns.stats()).toMatchObject({ waiting: 1, lost: 2 });
  open.upstream.play(staysSilent);
  expect((await make({ background: true })).status).toBe(503);
  open.upstream.play(playsOpenAi({ text: 'Fine.' }));
});

describeProcess();

/** The whole program with its embedded database, whose files are searched. */
function describeProcess(): void {
  let place: Place;
  let server: ServerProcess;
  /** The name of an item is no secret, so it must be found: then the search looks in the right place. */
  const control = { id: makeCanary() };
  const canaries = { question: makeCanary(), metadata: makeCanary(), item: makeCanary() };

  beforeAll(async () => {
    place = makePlace('defaults: { store_responses: true }\nretention: { stored_responses_days: 1 }\n', {});
    server = await startProcess(place);
  }, 180_000);
  afterAll(async () => {
    await server?.stop();
    place?.remove();
  });

  test('nothing of what is stored can be read in the files of the database or in the log', async () => {
    const key = await createKey(place, 'test');
    const ask = (method: string, path: string, body?: object) =>
      fetch(`${server.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const made = await ask('POST', '/v1/conversations', {
      metadata: { topic: canaries.metadata },
      items: [{ id: `msg_${control.id}`, role: 'user', content: canaries.item }],
    });
    const conversation = (await made.json()) as { id: string };
    const replies = [];
    for (const stream of [false, true]) {
      const reply = await ask('POST', '/v1/responses', {
        model: 'sandbox/echo',
        input: `Say ${canaries.question}`,
        conversation: conversation.id,
        stream,
      });
      replies.push({ status: reply.status, text: await reply.text() });
    }
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    // A checkpoint writes everything to its place.
    expect(await server.stop()).toBe(0);
    expect(searchFolder(place.dataDir, control)).not.toEqual([]);
    expect(searchFolder(place.dataDir, canaries)).toEqual([]);
    const { metadata, item } = canaries;
    expect(server.output()).not.toContain(metadata);
    expect(server.output()).not.toContain(item);
  }, 180_000);
}
