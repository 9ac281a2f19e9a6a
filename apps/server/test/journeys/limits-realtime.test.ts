import { createMemoryLimits, type Limit, type MemoryLimits } from '@app/gateway';
import { picoRate } from '@app/providers';
import { aBudget, aLimit } from '@app/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createTestServer, type TestServer } from '../create-test-server.ts';
import { type FakeRealtime, openFakeRealtime, responseDone } from '../open-fake-realtime.ts';
import { testKeys } from '../test-keys.ts';

const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
const PLACES = aLimit({ id: 'lim_places', measure: 'concurrency', period: undefined, max: 1 });
/** A dollar per million tokens: `responseDone` says 30 of them. */
const RESPONSE_NANOS = 30_000;

let provider: FakeRealtime;
let server: TestServer;
let store: MemoryLimits;
let limits: Limit[];

beforeEach(async () => {
  provider = await openFakeRealtime({
    onText: (text, { socket }) => {
      if (!text.includes('response.create')) return;
      socket.send(JSON.stringify({ type: 'response.created', response: { id: 'resp_1' } }));
      if (!text.includes('unending')) socket.send(JSON.stringify(responseDone('Hello aloud.')));
    },
  });
  store = createMemoryLimits({ clock });
  const rates = { inputFresh: picoRate('1'), outputText: picoRate('1') };
  server = await createTestServer({
    providers: [
      { id: 'openai', dialect: 'openai-chat', baseUrl: `${provider.url}/v1`, models: ['gpt-realtime'] },
    ],
    prices: { 'openai/gpt-realtime': { version: 'operator', rates, tiers: [] } },
    findLimits: () => limits.map((limit) => ({ limit, subject: '' })),
    limitStore: store,
  });
});

afterEach(async () => {
  expect(server.defects).toEqual([]);
  await server.close();
  await provider.close();
});

const connect = (key: string = testKeys.live) =>
  new WebSocket(`${server.url.replace('http', 'ws')}/v1/realtime?model=gpt-realtime`, {
    headers: { authorization: `Bearer ${key}` },
  });

const opened = (socket: WebSocket) =>
  new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });

const closed = (socket: WebSocket) => new Promise<number>((resolve) => socket.once('close', resolve));

const next = (socket: WebSocket, type: string) =>
  new Promise<{ error?: { code: string } }>((resolve) => {
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.type === type) resolve(message);
    });
  });

const refused = (socket: WebSocket) =>
  new Promise<number | undefined>((resolve, reject) => {
    socket.once('open', () => reject(new Error('It was opened.')));
    socket.once('error', () => undefined);
    socket.once('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode);
    });
  });

/** What was held is given back shortly after the caller's side is closed. */
async function settled(limit: Limit, used: number) {
  await expect.poll(() => store.read(limit, '').used, { timeout: 5_000 }).toBe(used);
}

test('a session takes a place and one response ahead, and each response is settled on what it used', async () => {
  const budget = aBudget();
  limits = [budget, PLACES];
  const socket = connect();
  await opened(socket);
  const aheadNanos = store.read(budget, '').used;
  expect(aheadNanos).toBeGreaterThan(4_096_000);
  expect(await refused(connect())).toBe(429);
  for (const turn of [1, 2]) {
    const done = next(socket, 'response.done');
    socket.send(JSON.stringify({ type: 'response.create' }));
    await done;
    expect(store.read(budget, '').used).toBe(aheadNanos + turn * RESPONSE_NANOS);
  }
  socket.close();
  await closed(socket);
  await settled(budget, 2 * RESPONSE_NANOS);
  await settled(PLACES, 0);
  expect(server.records.reduce((sum, { cost }) => sum + cost.nanos, 0)).toBe(2 * RESPONSE_NANOS);
});

test('a session that its budget does not pay for is refused before its provider hears of it', async () => {
  limits = [aBudget({ max: 1_000 }), PLACES];
  expect(await refused(connect())).toBe(402);
  await settled(PLACES, 0);
  limits = [aLimit({ measure: 'tokens', max: 5_000 })];
  expect(await refused(connect())).toBe(429);
  expect(provider.sessions).toHaveLength(0);
});

test('a session whose budget is spent is told so and ends', async () => {
  const budget = aBudget({ max: 12_300_000 });
  limits = [budget];
  const socket = connect();
  await opened(socket);
  const error = next(socket, 'error');
  const end = closed(socket);
  socket.send(JSON.stringify({ type: 'response.create' }));
  expect((await error).error?.code).toBe('budget_exceeded');
  expect(await end).toBe(1008);
  await settled(budget, RESPONSE_NANOS);
});

test('a session that is cut in the middle of a response is charged what it held', async () => {
  const budget = aBudget();
  limits = [budget];
  const socket = connect();
  await opened(socket);
  const aheadNanos = store.read(budget, '').used;
  const created = next(socket, 'response.created');
  socket.send(JSON.stringify({ type: 'response.create', note: 'unending' }));
  await created;
  socket.terminate();
  await server.recorded(0);
  expect(store.read(budget, '')).toMatchObject({ used: aheadNanos, reserved: 0 });
});

test('a key for other models, or for other addresses, opens no session', async () => {
  limits = [];
  expect(await refused(connect(testKeys.confined))).toBe(403);
  expect(await refused(connect(testKeys.elsewhere))).toBe(403);
});
