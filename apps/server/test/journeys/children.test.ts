import { type FakeUpstream, openFakeUpstream, playsOpenAi, type Script } from '@app/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type CallLoad, openCallLoad } from '../open-call-load.ts';
import { providerConfig } from '../provider-config.ts';
import { compareTraces, readAllTraces, untilLoaded } from '../read-all-traces.ts';
import { sendCall } from '../send-call.ts';
import {
  createKey,
  eventually,
  findChildPid,
  killChild,
  makePlace,
  type Place,
  type ServerProcess,
  startProcess,
} from '../start-process.ts';

const plays = playsOpenAi({ text: 'A reply in pieces. '.repeat(8) }, { pieceBytes: 400 });

let upstream: FakeUpstream;
let place: Place;
let server: ServerProcess;
let keys: { live: string; test: string };
let load: CallLoad;

beforeAll(async () => {
  upstream = await openFakeUpstream();
  place = makePlace(providerConfig(upstream.url));
  server = await startProcess(place);
  keys = { live: await createKey(place, 'live'), test: await createKey(place, 'test') };
}, 180_000);

beforeEach(() => {
  upstream.play(plays);
  load = openCallLoad(keys);
  load.aim(server.url);
});

afterEach(() => load.stop());

afterAll(async () => {
  await server?.stop();
  await upstream?.close();
  place?.remove();
});

const api = (path: string, init: RequestInit = {}) =>
  fetch(`${server.url}/api/v1/projects/default/${path}`, {
    ...init,
    headers: { authorization: `Bearer ${keys.live}`, 'content-type': 'application/json' },
  });

/** One management answer: 200 or 201, or the 503 that tells when to come back. Anything else fails the test. */
async function ask(path: string, init: RequestInit = {}): Promise<number> {
  const reply = await api(path, init);
  const text = await reply.text();
  if (reply.status === 503) {
    expect(JSON.parse(text).error).toMatchObject({ code: 'store_unavailable', http_status: 503 });
    expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);
  } else {
    expect([200, 201], `${path}: ${text}`).toContain(reply.status);
  }
  return reply.status;
}

/** Kills the child as often as it comes back, until these questions have met its absence. */
async function killUntilNoticed(name: 'postgres' | 'clickhouse', path: string): Promise<void> {
  const first = findChildPid(place, name);
  expect(first).toBeDefined();
  await eventually(async () => {
    killChild(place, name);
    return (await ask(path)) === 503 ? true : undefined;
  }, 60_000);
  await load.more(30);
  // It is back, as another process, and so are its answers.
  await eventually(async () => ((await ask(path)) === 200 ? true : undefined), 60_000);
  expect(findChildPid(place, name)).not.toBe(first);
}

async function expectEveryCallServedAndReadable(): Promise<void> {
  await load.more(30);
  await load.stop();
  expect(load.failures).toEqual([]);
  const access = { url: server.url, key: keys.live };
  await untilLoaded(access);
  const compared = compareTraces(load.acknowledged, await readAllTraces(access));
  expect(compared).toEqual({ missing: [], repeated: [], different: [] });
}

test('killing PostgreSQL fails no call; the management API answers 503 until it is back, and new keys work', async () => {
  await load.more(20);
  await killUntilNoticed('postgres', 'keys');
  const made = await eventually(async () => {
    const reply = await api('keys', {
      method: 'POST',
      body: JSON.stringify({ name: 'after', mode: 'test', permissions: ['inference:call'] }),
    });
    return reply.status === 201 ? ((await reply.json()) as { secret: string }) : undefined;
  }, 60_000);
  const call = await sendCall({
    url: server.url,
    path: '/v1/chat/completions',
    key: made.secret,
    body: { model: 'sandbox/pace-0', messages: [{ role: 'user', content: 'Are you back?' }] },
  });
  expect(call).toMatchObject({ status: 200, isComplete: true });
  await expectEveryCallServedAndReadable();
}, 240_000);

test('killing ClickHouse fails no call; traces answer 503 until it is back, and those made meanwhile are there', async () => {
  await load.more(20);
  await killUntilNoticed('clickhouse', 'traces?limit=1');
  await expectEveryCallServedAndReadable();
}, 240_000);

test('a server asked to stop under load ends the calls under way, takes no new ones and leaves with 0', async () => {
  const { promise: isReleased, resolve: release } = Promise.withResolvers<void>();
  const waits: Script = async (response, request) => {
    await isReleased;
    await plays(response, request);
  };
  await load.stop();
  upstream.play(waits);
  const before = upstream.requests.length;
  const calls = Array.from({ length: 12 }, (_, n) =>
    sendCall({
      url: server.url,
      path: '/v1/chat/completions',
      key: keys.live,
      body: { model: 'load', stream: n % 2 === 0, messages: [{ role: 'user', content: `last ${n}` }] },
    }),
  );
  await upstream.received(before + calls.length - 1);
  server.askToStop();
  await eventually(() => (server.output().includes('Stopping') ? true : undefined), 60_000);
  await eventually(async () => {
    const late = await sendCall({
      url: server.url,
      path: '/v1/chat/completions',
      key: keys.test,
      body: { model: 'sandbox/pace-0', messages: [] },
    });
    return late.status === 0 ? true : undefined;
  });
  release();
  const replies = await Promise.all(calls);
  expect(replies.map(({ status, isComplete }) => [status, isComplete])).toEqual(calls.map(() => [200, true]));
  expect(await server.stop()).toBe(0);
  expect(findChildPid(place, 'postgres')).toBeUndefined();
  expect(findChildPid(place, 'clickhouse')).toBeUndefined();

  server = await startProcess(place);
  const access = { url: server.url, key: keys.live };
  await untilLoaded(access);
  const known = new Set((await readAllTraces(access)).map((trace) => trace.request_id));
  expect(replies.filter(({ requestId }) => !known.has(requestId))).toEqual([]);
}, 240_000);

test('a server asked to stop while clients keep their connections busy still leaves before it would be killed', async () => {
  await load.more(40);
  const startedMs = performance.now();
  server.askToStop();
  expect(await server.stop()).toBe(0);
  expect(performance.now() - startedMs).toBeLessThan(30_000);
  load.aim(undefined);
  await load.stop();
  // A connection may be closed between two calls; a call that was answered was answered whole.
  expect(load.failures.filter((failure) => !/ECONNREFUSED|ECONNRESET|socket hang up/.test(failure))).toEqual(
    [],
  );
  server = await startProcess(place);
  const access = { url: server.url, key: keys.live };
  await untilLoaded(access);
  expect(compareTraces(load.acknowledged, await readAllTraces(access)).missing).toEqual([]);
}, 240_000);
