import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeUpstream, openFakeUpstream } from '@app/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Canaries,
  formsOf,
  makeCanary,
  type Sighting,
  searchFolder,
  searchProcesses,
  searchText,
} from '../find-canaries.ts';
import { canaryModels, echoesSecrets, makeCanaryCalls } from '../make-canary-calls.ts';
import { openClearTracing } from '../open-clear-tracing.ts';
import { findTraceOfCall, untilLoaded } from '../read-all-traces.ts';
import {
  createKey,
  eventually,
  findChildPid,
  makePlace,
  type Place,
  runCli,
  type ServerProcess,
  startProcess,
} from '../start-process.ts';

const canaries: Canaries = {
  prompt: makeCanary(),
  'provider key': `sk-${makeCanary()}`,
  password: makeCanary(),
};
const email = 'ada@example.com';
/** Says every secret aloud, so that each is part of what is recorded. */
const promptOf = () => `Grüße / "all" & ${Object.values(canaries).join(' ')} + 🎉`;

let upstream: FakeUpstream;
let place: Place;
let server: ServerProcess;
let live: string;
let sandbox: string;
const cliOutput: string[] = [];

beforeAll(async () => {
  upstream = await openFakeUpstream(echoesSecrets);
  const config = [
    'providers:',
    `  - { id: local, dialect: openai-chat, base_url: "${upstream.url}/v1", api_key: "\${LOCAL_KEY}", models: [${canaryModels}] }`,
    'allow_private_hosts: [127.0.0.1]',
  ];
  place = makePlace(config.join('\n'), {
    LOCAL_KEY: canaries['provider key'],
    TOKENROUTER_LOG_LEVEL: 'trace',
  });
  server = await startProcess(place);
  live = canaries['live key'] = await createKey(place, 'live');
  sandbox = canaries['test key'] = await createKey(place, 'test');
}, 180_000);

afterAll(async () => {
  await server?.stop();
  await upstream?.close();
  place?.remove();
});

test('the search finds a canary in every form in which text is written down', () => {
  const secret = { secret: makeCanary() };
  for (const [form, bytes] of Object.entries(formsOf(secret.secret))) {
    const found = searchText(
      Buffer.concat([Buffer.from('before'), bytes, Buffer.from('after')]),
      'here',
      secret,
    );
    expect(found).toContainEqual({ name: 'secret', form, place: 'here' });
  }
  expect(searchText('nothing of it', 'here', secret)).toEqual([]);
  const quoted = Buffer.from(JSON.stringify({ authorization: `Bearer ${secret.secret}` })).toString('base64');
  expect(searchText(quoted, 'here', secret)).not.toEqual([]);
});

test('while calls wait in the spool it tells nothing, nor do the process list and the logs', async () => {
  const clickhouse = findChildPid(place, 'clickhouse') ?? 0;
  // The engine stands still, so that what is recorded stays in the spool while we look.
  process.kill(clickhouse, 'SIGSTOP');
  const calls = await makeCanaryCalls({ url: server.url, live, sandbox, prompt: promptOf() });
  expect(calls.filter(({ status }) => status === 200).length).toBeGreaterThan(10);
  expect(new Set(calls.map(({ status }) => status))).toEqual(new Set([200, 400, 401, 404, 429, 502]));
  const spool = join(place.dataDir, 'spool');
  const segments = readdirSync(spool).filter((name) => name.endsWith('.segment'));
  expect(segments.length).toBeGreaterThan(0);
  expect(searchFolder(spool, canaries)).toEqual([]);
  expect(searchProcesses(server.pid, canaries)).toEqual([]);
  process.kill(clickhouse, 'SIGCONT');

  const access = { url: server.url, key: live };
  await untilLoaded(access);
  const trace = await findTraceOfCall(access, calls[0]?.requestId ?? '');
  for (const [name, secret] of Object.entries(canaries))
    expect(JSON.stringify(trace.request), name).toContain(secret);
}, 180_000);

test('a set-up, a sign-in, keys made in the browser and the command line leave nothing to find', async () => {
  const link = join(place.dataDir, 'setup-link');
  canaries['set-up token'] = readFileSync(link, 'utf8').trim().split('#token=')[1] ?? '';
  expect(canaries['set-up token']).toHaveLength(43);
  await setUpAndSignIn();
  expect(existsSync(link)).toBe(false);
  await makeCanaryCalls({ url: server.url, live, sandbox, prompt: promptOf() });
  for (const args of [['keys', 'list'], ['keys', 'list', '--json'], ['doctor'], ['keys', 'revoke', live]]) {
    const { stdout, stderr } = await runCli(place, args);
    cliOutput.push(stdout, stderr);
  }
  await untilLoaded({ url: server.url, key: live });
  expect(searchFolder(place.dataDir, canaries)).toEqual([]);
  expect(searchProcesses(server.pid, canaries)).toEqual([]);
  // Stopping writes what was held back: caches, checkpoints, merges.
  expect(await server.stop()).toBe(0);
  expect(searchFolder(place.dataDir, canaries)).toEqual([]);
  expect(searchText(server.output(), 'logs', canaries)).toEqual([]);
  const { prompt: _, ...unasked } = canaries;
  expect(searchText(cliOutput.join(''), 'output of the command line', unasked)).toEqual([]);
}, 240_000);

test('with encryption off and no compression the same search finds every canary, in the spool and in the engine', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clear-'));
  const clear = await openClearTracing(folder, { upstreamUrl: upstream.url, models: canaryModels });
  try {
    const { live: key, sandbox: testKey } = clear.keys;
    await makeCanaryCalls({ url: clear.url, live: key, sandbox: testKey, prompt: promptOf() });
    await clear.load();
    const names = (sightings: Sighting[]) => [...new Set(sightings.map(({ name }) => name))].sort();
    const all = Object.keys(canaries).sort();
    expect(names(searchFolder(clear.spoolDir, canaries))).toEqual(all);
    expect(names(searchFolder(clear.engineDir, canaries))).toEqual(all);
  } finally {
    await clear.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);

async function setUpAndSignIn(): Promise<void> {
  const origin = server.url;
  const post = (path: string, body: object, headers = {}) =>
    fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, ...headers },
      body: JSON.stringify(body),
    });
  const { password, 'set-up token': token } = canaries;
  const wrong = await post('/api/v1/setup', { token: `${token}x`, name: 'Ada', email, password });
  expect(wrong.status).toBe(403);
  expect((await post('/api/v1/setup', { token, name: 'Ada', email, password })).status).toBe(201);
  expect((await post('/api/auth/sign-in/email', { email, password: `${password}x` })).status).toBe(401);
  const signedIn = await post('/api/auth/sign-in/email', { email, password });
  expect(signedIn.status).toBe(200);
  const cookie = signedIn.headers.getSetCookie().map((line) => line.split(';')[0] ?? '')[0] ?? '';
  canaries['session cookie'] = decodeURIComponent(cookie.split('=')[1] ?? '');
  const keys = '/api/v1/projects/default/keys';
  const made = await post(
    keys,
    { name: 'browser', mode: 'live', permissions: ['inference:call'] },
    { cookie },
  );
  expect(made.status).toBe(201);
  const { secret } = (await made.json()) as { secret: string };
  canaries['key of the browser'] = secret;
  const listed = await fetch(`${origin}${keys}`, { headers: { cookie } });
  expect(await eventually(() => listed.text())).not.toContain(secret);
}
