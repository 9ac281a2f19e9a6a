import { writeFileSync } from 'node:fs';
import type { OneKeyUsage } from '@app/contract';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createKey,
  eventually,
  makePlace,
  type Place,
  runCli,
  type ServerProcess,
  startProcess,
} from '../start-process.ts';

let place: Place;
let server: ServerProcess;
/** May make, rotate and revoke test keys. */
let manager: string;

beforeAll(async () => {
  place = makePlace();
  server = await startProcess(place);
  manager = await createKey(place, 'test');
}, 180_000);
afterAll(async () => {
  await server.stop();
  place.remove();
}, 60_000);

async function manage(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) {
  const reply = await fetch(`${server.url}/api/v1/projects/default/${path}`, {
    method,
    headers: { authorization: `Bearer ${manager}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: reply.status, json: JSON.parse(await reply.text()) };
}

const makeKey = async (more: object = {}) => {
  const { json } = await manage('POST', 'keys', {
    name: 'app',
    mode: 'test',
    permissions: ['inference:call'],
    ...more,
  });
  return { id: String(json.key.id), secret: String(json.secret) };
};

const clientOf = (apiKey: string) => new OpenAI({ apiKey, baseURL: `${server.url}/v1`, maxRetries: 0 });

const call = (client: OpenAI) =>
  client.chat.completions.create({ model: 'sandbox/pace-0', messages: [{ role: 'user', content: 'Hello' }] });

/** Calls one after the other, each with the client that `pick` gives, until `stop` says so. */
async function callOn(pick: () => OpenAI, isOver: () => boolean) {
  const outcomes = { served: 0, failures: [] as unknown[] };
  while (!isOver()) {
    await call(pick()).then(
      () => {
        outcomes.served += 1;
      },
      (error: unknown) => outcomes.failures.push(error),
    );
  }
  return outcomes;
}

test('a key is rotated five times under load and no call fails, neither with the new key nor with the old one', async () => {
  const first = await makeKey();
  const clients = [clientOf(first.secret)];
  let isOver = false;
  let turn = 0;
  const newest = () => clients[clients.length - 1] ?? clientOf('none');
  // Some take the new key at once, some go on with an older one, as a fleet does that is deployed bit by bit.
  const older = () => clients[Math.max(0, clients.length - 1 - (turn++ % 3))] ?? clientOf('none');
  const workers = [newest, newest, older, older].map((pick) => callOn(pick, () => isOver));
  let { id } = first;
  for (let round = 0; round < 5; round += 1) {
    const { status, json } = await manage('POST', `keys/${id}/rotate`, { overlap_seconds: 3_600 });
    expect([status, json.key.replaces]).toEqual([201, id]);
    id = json.key.id;
    clients.push(clientOf(json.secret));
  }
  for (let n = 0; n < 20; n += 1) await call(newest());
  isOver = true;
  const outcomes = await Promise.all(workers);
  expect(outcomes.flatMap(({ failures }) => failures)).toEqual([]);
  expect(outcomes.reduce((sum, { served }) => sum + served, 0)).toBeGreaterThan(20);
}, 60_000);

test('a revoked key is refused within a second, by the API and by the command line, and no call after the answer gets through', async () => {
  const ways = [
    async (id: string) => expect((await manage('DELETE', `keys/${id}`)).status).toBe(200),
    async (id: string) => expect((await runCli(place, ['keys', 'revoke', id])).code).toBe(0),
    async (id: string) =>
      expect((await manage('POST', `keys/${id}/rotate`, { overlap_seconds: 0 })).status).toBe(201),
  ];
  for (const revoke of ways) {
    const { id, secret } = await makeKey();
    const client = clientOf(secret);
    expect((await call(client)).choices).toHaveLength(1);
    await revoke(id);
    const startedAtMs = performance.now();
    const refusals = await Promise.all(
      Array.from({ length: 5 }, () => call(client).catch((error: unknown) => error)),
    );
    for (const refusal of refusals) expect(refusal).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  }
}, 60_000);

test('what a key did is counted without a write of its own, with when and from where it was last used', async () => {
  const { id, secret } = await makeKey();
  for (let n = 0; n < 7; n += 1) await call(clientOf(secret));
  await expect(
    clientOf(secret).chat.completions.create({
      model: 'sandbox/429',
      messages: [{ role: 'user', content: 'Hi' }],
    }),
  ).rejects.toThrow();
  const usage = await eventually(async () => {
    const { json }: { json: OneKeyUsage } = await manage('GET', `keys/${id}/usage?range=24h`);
    return json.usage.requests === 8 && json.last_used_at !== null ? json : undefined;
  }, 60_000);
  expect(usage).toMatchObject({
    last_used_ip: '127.0.0.1',
    usage: { key_id: id, errors: 1, cost: { nanos: 0 } },
  });
  expect(usage.usage.input_tokens).toBeGreaterThan(0);
  expect(usage.usage.output_tokens).toBeGreaterThan(0);
  expect(usage.usage.series.requests.reduce((sum, count) => sum + count, 0)).toBe(8);
  const listed = await runCli(place, ['keys', 'usage', id, '--json']);
  expect(JSON.parse(listed.stdout).data[0]).toMatchObject({ key_id: id, requests: 8 });
}, 120_000);

test('a key that is confined to addresses calls from none other, whatever a header says', async () => {
  const elsewhere = await makeKey({ ip_ranges: ['192.0.2.0/24'] });
  const send = (secret: string) =>
    fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${secret}`,
        'content-type': 'application/json',
        'x-forwarded-for': '192.0.2.9',
        forwarded: 'for=192.0.2.9',
      },
      body: JSON.stringify({ model: 'sandbox/pace-0', messages: [{ role: 'user', content: 'Hello' }] }),
    });
  const refused = await send(elsewhere.secret);
  expect([refused.status, await refused.json()]).toEqual([
    403,
    expect.objectContaining({ error: expect.objectContaining({ code: 'ip_not_allowed' }) }),
  ]);
  const here = await makeKey({ ip_ranges: ['127.0.0.0/8', '::1'] });
  expect((await send(here.secret)).status).toBe(200);
});

test('a bare tr_ key that was issued elsewhere works as a live key once it was imported', async () => {
  const secret = `tr_${'aB3dE5gH7jK9mN1pQ3sT5v'}`;
  const modelsWith = async () =>
    (await fetch(`${server.url}/v1/models`, { headers: { authorization: `Bearer ${secret}` } })).status;
  expect(await modelsWith()).toBe(401);
  const file = `${place.dir}/old-key.txt`;
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  const imported = await runCli(place, ['keys', 'import', '--name', 'old', '--file', file]);
  expect([imported.code, imported.stderr]).toEqual([0, expect.stringContaining('live gateway key')]);
  expect(await modelsWith()).toBe(200);
});
