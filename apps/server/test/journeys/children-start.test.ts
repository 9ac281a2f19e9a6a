import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findTraceOfCall } from '../read-all-traces.ts';
import { sendCall } from '../send-call.ts';
import {
  createKey,
  makePlace,
  type Place,
  runCli,
  type ServerProcess,
  startProcess,
} from '../start-process.ts';

let place: Place;
let server: ServerProcess;
let key: string;

beforeAll(async () => {
  place = makePlace();
  server = await startProcess(place);
  key = await createKey(place, 'test');
  await server.stop();
}, 180_000);

afterAll(async () => {
  await server?.stop();
  place?.remove();
});

test('a start serves calls although the trace store cannot start, and they are readable once it can', async () => {
  const config = join(place.dataDir, 'clickhouse/config');
  renameSync(config, `${config}.away`);
  // Where the engine wants a folder there is a file, so it ends as soon as it starts.
  writeFileSync(config, '');
  server = await startProcess(place);
  const call = await sendCall({
    url: server.url,
    path: '/v1/chat/completions',
    key,
    body: { model: 'sandbox/pace-0', messages: [{ role: 'user', content: 'Is anybody there?' }] },
  });
  expect(call).toMatchObject({ status: 200, isComplete: true });
  const headers = { authorization: `Bearer ${key}` };
  const refused = await fetch(`${server.url}/api/v1/projects/default/traces`, { headers });
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ error: { code: 'store_unavailable' } });
  expect((await fetch(`${server.url}/ready`)).status).toBe(503);

  rmSync(config);
  renameSync(`${config}.away`, config);
  const trace = await findTraceOfCall({ url: server.url, key }, call.requestId, 60_000);
  expect(trace.summary).toMatchObject({ status: 200 });
  expect((await fetch(`${server.url}/ready`)).status).toBe(200);
}, 180_000);

test('settings that cannot be used are refused before anything is opened', async () => {
  const fresh = makePlace('providers: [{ id: local }]');
  try {
    const { code, stderr } = await runCli(fresh, ['start']);
    expect(code).toBe(2);
    expect(stderr).toContain('tokenrouter.yaml line 1');
    expect(existsSync(fresh.dataDir)).toBe(false);
  } finally {
    fresh.remove();
  }
});
