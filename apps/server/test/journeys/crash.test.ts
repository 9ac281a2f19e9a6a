import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type FakeUpstream, openFakeUpstream, playsOpenAi } from '@app/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CallLoad, openCallLoad } from '../open-call-load.ts';
import { providerConfig } from '../provider-config.ts';
import { compareTraces, countRows, readAllTraces, readTrace, untilLoaded } from '../read-all-traces.ts';
import {
  createKey,
  eventually,
  killChild,
  makePlace,
  type Place,
  type ServerProcess,
  spawnServer,
  startProcess,
} from '../start-process.ts';

const KILLS = 2;

let upstream: FakeUpstream;
let place: Place;
let server: ServerProcess;
let load: CallLoad;
let key: string;

beforeAll(async () => {
  upstream = await openFakeUpstream(
    playsOpenAi({ text: 'A reply in pieces. '.repeat(8) }, { pieceBytes: 400 }),
  );
  place = makePlace(providerConfig(upstream.url));
});

afterAll(async () => {
  await load?.stop();
  await server?.stop();
  await upstream?.close();
  place?.remove();
});

test('a first start that is killed at any step leaves nothing broken, and the next one works', async () => {
  const steps = [
    () => existsSync(join(place.dataDir, 'control.sock')),
    () => readdirSync(place.dataDir).some((name) => name.startsWith('postgres.new-')),
    () => existsSync(join(place.dataDir, 'postgres')),
    () => existsSync(join(place.dataDir, 'clickhouse/data/store')),
  ];
  for (const isReached of steps) {
    const started = spawnServer(place);
    await eventually(() => isReached() || undefined, 60_000);
    await started.kill();
  }
  server = await startProcess(place);
  expect(readdirSync(place.dataDir).filter((name) => name.startsWith('postgres.new-'))).toEqual([]);
  key = await createKey(place, 'live');
  load = openCallLoad({ live: key, test: await createKey(place, 'test') });
}, 240_000);

test('every call acknowledged before a kill -9 during load is readable once and only once', async () => {
  for (let kill = 0; kill < KILLS; kill += 1) {
    load.aim(server.url);
    await load.more(60 + 25 * kill);
    // Once with both stores, as when the machine's memory ran out.
    if (kill === 1) for (const name of ['postgres', 'clickhouse'] as const) killChild(place, name);
    await killAndRestart();
  }
  await expectAllReadable();
}, 300_000);

test('a server that is killed while it stops has kept every call that it acknowledged', async () => {
  load.aim(server.url);
  await load.more(40);
  server.askToStop();
  await eventually(() => (server.output().includes('Stopping') ? true : undefined));
  await killAndRestart();
  await expectAllReadable();
}, 180_000);

async function killAndRestart(): Promise<void> {
  await server.kill();
  load.aim(undefined);
  server = await startProcess(place);
}

async function expectAllReadable(): Promise<void> {
  const access = { url: server.url, key };
  const calls = [...load.acknowledged];
  expect(await untilLoaded(access)).toMatchObject({ dropped_records: 0, set_aside_segments: 0 });
  const traces = await readAllTraces(access);
  expect(compareTraces(calls, traces)).toEqual({ missing: [], repeated: [], different: [] });
  expect(new Set(calls.map(({ kind }) => kind)).size).toBe(8);
  const spans = 'SELECT count(), uniqExact(project_id, trace_id, span_id) FROM spans';
  const [stored, distinct] = await countRows(place, spans);
  expect(stored).toBe(distinct);
  for (const { trace_id, status } of traces.slice(0, 24)) {
    const trace = await readTrace(access, trace_id);
    expect(trace.spans.map(({ kind }) => kind)).toEqual(status === 404 ? ['call'] : ['call', 'attempt']);
    expect(JSON.stringify(trace.request)).toMatch(/call \d+/);
  }
}
