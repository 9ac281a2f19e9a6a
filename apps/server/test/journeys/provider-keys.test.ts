import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProviderCredential } from '@app/contract';
import { type FakeUpstream, openFakeUpstream, playsVault } from '@app/testkit';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Canaries, makeCanary, searchFolder, searchText } from '../find-canaries.ts';
import { type KeyedUpstream, openKeyedUpstream } from '../open-keyed-upstream.ts';
import {
  eventually,
  makePlace,
  type Place,
  runCli,
  type ServerProcess,
  startProcess,
} from '../start-process.ts';

const secrets = {
  big: `sk-${makeCanary()}`,
  small: `sk-${makeCanary()}`,
  operator: `sk-${makeCanary()}`,
  vaulted: `sk-${makeCanary()}`,
  vaultToken: `hvs.${makeCanary()}`,
  stored: `sk-${makeCanary()}`,
  rotated: `sk-${makeCanary()}`,
  own: `sk-${makeCanary()}`,
} satisfies Canaries;

let team: KeyedUpstream;
let backup: KeyedUpstream;
let home: KeyedUpstream;
let vault: FakeUpstream;
const kept = playsVault();
let place: Place;
let server: ServerProcess;
let manager: string;
let answers = '';

beforeAll(async () => {
  team = await openKeyedUpstream(secrets.big, secrets.small);
  backup = await openKeyedUpstream(secrets.operator);
  home = await openKeyedUpstream(
    secrets.operator,
    secrets.stored,
    secrets.rotated,
    secrets.vaulted,
    secrets.own,
  );
  vault = await openFakeUpstream(kept.script);
  kept.tokens.add(secrets.vaultToken);
  kept.secrets.set('secret/data/llm/home', { value: secrets.vaulted });
  place = makePlace(configuration(), {
    BIG: secrets.big,
    OPERATOR: secrets.operator,
    VAULT_TOKEN: secrets.vaultToken,
  });
  writeFileSync(join(place.dir, 'small-key'), `${secrets.small}\n`);
  server = await startProcess(place);
  manager = await makeKey('credentials:write');
}, 120_000);
afterAll(async () => {
  await server?.stop();
  await Promise.all([team, backup, home, vault].map((upstream) => upstream?.close()));
  place?.remove();
});

const configuration = () => `
allow_private_hosts: ['127.0.0.1']
secret_refs:
  small-key: { file: ./small-key }
  home-vault:
    vault: { address: '${vault.url}', path: llm/home, token: '\${VAULT_TOKEN}' }
    providers: [home]
providers:
  - id: team
    dialect: openai-chat
    base_url: ${team.baseUrl}
    api_key:
      - { name: big, key: '\${BIG}', weight: 3 }
      - { name: small, ref: small-key }
    models: [gpt-team]
  - { id: backup, dialect: openai-chat, base_url: '${backup.baseUrl}', api_key: '\${OPERATOR}', models: [gpt-team] }
  - { id: home, dialect: openai-chat, base_url: '${home.baseUrl}', api_key: '\${OPERATOR}', models: [gpt-home] }
`;

async function makeKey(...permissions: string[]): Promise<string> {
  const more = permissions.flatMap((permission) => ['--permission', permission]);
  const made = await runCli(place, [
    ...['keys', 'create', '--name', 'k', '--permission', 'inference:call', '--permission', 'models:read'],
    ...more,
  ]);
  if (made.code !== 0) throw new Error(made.stderr);
  return made.stdout.trim();
}

const path = '/api/v1/projects/default/provider-credentials';

async function manage(method: string, below = '', body?: object) {
  const reply = await fetch(`${server.url}${path}${below}`, {
    method,
    headers: { authorization: `Bearer ${manager}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  answers += text;
  return { status: reply.status, body: JSON.parse(text) };
}

async function call(model: string): Promise<number> {
  const reply = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${manager}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
  });
  answers += await reply.text();
  return reply.status;
}

const callAll = async (model: string, count: number) => {
  for (let made = 0; made < count; made += 1) expect(await call(model)).toBe(200);
};
const find = async (id: string): Promise<ProviderCredential> => {
  const { body } = await manage('GET');
  return body.data.find((credential: ProviderCredential) => credential.id === id);
};

test('two keys of three parts and one share the calls so; one comes from a file', async () => {
  await callAll('gpt-team', 8);
  const keys = team.keys();
  expect(keys.filter((key) => key === secrets.big)).toHaveLength(6);
  expect(keys.filter((key) => key === secrets.small)).toHaveLength(2);
});

test('a key that is limited rests, its calls go on with the other, and it is shown so', async () => {
  team.take(secrets.big, { status: 429, retryAfter: 600 });
  await callAll('gpt-team', 6);
  const keys = team.keys();
  expect(keys.filter((key) => key === secrets.big)).toHaveLength(1);
  expect(keys.filter((key) => key === secrets.small)).toHaveLength(6);
  expect(backup.keys()).toEqual([]);
  const limited = await find('file:team/big');
  // Ten minutes, as the provider asked, and not the half that is taken where it says nothing.
  expect(Date.parse(limited.cooling_until ?? '') - Date.now()).toBeGreaterThan(500_000);
  expect(limited).toMatchObject({
    source: 'file',
    status: 'cooling',
    last_four: null,
    last_error: 'The provider limited this key (429).',
  });
  expect(await find('file:team/small')).toMatchObject({ status: 'ready', reference: 'small-key' });
});

test('when every key of a provider is refused the next provider answers, and the first is left alone', async () => {
  team.take(secrets.small, { status: 401 });
  await callAll('gpt-team', 3);
  expect(team.keys()).toEqual([secrets.small]);
  expect(backup.keys()).toEqual([secrets.operator, secrets.operator, secrets.operator]);
});

test("a stored key takes the operator's place at once, for the OpenAI SDK as for all", async () => {
  await callAll('gpt-home', 1);
  expect(home.keys()).toEqual([secrets.operator]);
  const made = await manage('POST', '', { provider: 'home', name: 'main', secret: secrets.stored });
  expect(made).toMatchObject({
    status: 201,
    body: { provider: 'home', source: 'stored', status: 'ready', last_four: secrets.stored.slice(-4) },
  });
  const client = new OpenAI({ apiKey: manager, baseURL: `${server.url}/v1`, maxRetries: 0 });
  const reply = await client.chat.completions.create({
    model: 'gpt-home',
    messages: [{ role: 'user', content: 'Hello' }],
  });
  expect(reply.choices[0]?.message.content).toBe('Answered.');
  expect(home.keys()).toEqual([secrets.stored]);
  expect(await manage('POST', `/${made.body.id}/check`)).toMatchObject({
    status: 200,
    body: { ok: true, message: 'home took the key.' },
  });
});

test('a key is rotated under load: no call fails, and none that begins afterwards has the old one', async () => {
  const { body } = await manage('GET');
  const { id } = body.data.find((credential: ProviderCredential) => credential.provider === 'home');
  home.keys();
  let isDone = false;
  const statuses: number[] = [];
  const workers = Array.from({ length: 4 }, async () => {
    while (!isDone) statuses.push(await call('gpt-home'));
  });
  await eventually(() => (statuses.length > 20 ? true : undefined));
  expect(await manage('PATCH', `/${id}`, { secret: secrets.rotated })).toMatchObject({ status: 200 });
  const atMost = home.keys();
  const before = statuses.length;
  await eventually(() => (statuses.length > before + 20 ? true : undefined));
  isDone = true;
  await Promise.all(workers);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(atMost).toContain(secrets.stored);
  // Four calls may have been on their way when the answer came.
  expect(new Set(home.keys().slice(4))).toEqual(new Set([secrets.rotated]));
  home.take(secrets.rotated, { status: 403 });
  expect(await manage('POST', `/${id}/check`)).toMatchObject({
    body: { ok: false, message: 'home refused the key (403).' },
  });
  home.take(secrets.rotated);
  expect((await manage('DELETE', `/${id}`)).status).toBe(200);
  await callAll('gpt-home', 1);
  expect(home.keys()).toEqual([secrets.operator]);
});

test('a reference to Vault is stored by its name, where the operator lists it for the provider', async () => {
  const refused = await manage('POST', '', { provider: 'home', reference: 'small-key' });
  expect(refused).toMatchObject({ status: 400, body: { error: { param: 'reference' } } });
  const made = await manage('POST', '', { provider: 'home', name: 'vault', reference: 'home-vault' });
  expect(made).toMatchObject({
    status: 201,
    body: { source: 'reference', status: 'ready', last_four: null },
  });
  await callAll('gpt-home', 1);
  expect(home.keys()).toEqual([secrets.vaulted]);
  expect((await manage('DELETE', `/${made.body.id}`)).status).toBe(200);
});

test('a key reaches a known provider that the operator has not configured, by its owner alone', async () => {
  expect(await call('mistral/mistral-small-latest')).toBe(404);
  const made = await manage('POST', '', { provider: 'mistral', secret: 'sk-not-a-real-key-of-mistral' });
  expect(made).toMatchObject({ status: 201, body: { origins: ['https://api.mistral.ai'] } });
  const models = await fetch(`${server.url}/v1/models`, { headers: { authorization: `Bearer ${manager}` } });
  const listed = (await models.json()) as { data: { id: string }[] };
  const names = listed.data.map(({ id }) => id);
  expect(names).toContain('mistral-small-latest');
  expect(names).toContain('gpt-home');
  expect((await manage('DELETE', `/${made.body.id}`)).status).toBe(200);
  expect(await call('mistral/mistral-small-latest')).toBe(404);
});

test("the command line keeps a key from a file, for a server that runs, and a project's own comes first", async () => {
  writeFileSync(join(place.dir, 'own-key'), `${secrets.own}\n`);
  const file = ['--secret-file', join(place.dir, 'own-key')];
  const made = await runCli(place, ['credentials', 'create', '--provider', 'home', '--name', 'own', ...file]);
  expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('Keeps cred_') });
  const id = made.stdout.trim();
  await callAll('gpt-home', 2);
  expect(home.keys()).toEqual([secrets.own, secrets.own]);
  const listed = await runCli(place, ['credentials', 'list']);
  expect(listed.stdout).toContain(id);
  const checked = await runCli(place, ['credentials', 'check', id]);
  expect(checked).toMatchObject({ code: 0, stdout: 'home took the key.\n' });
  const off = await runCli(place, ['credentials', 'disable', id]);
  expect(off.code).toBe(0);
  await callAll('gpt-home', 1);
  expect(home.keys()).toEqual([secrets.operator]);
  answers += made.stdout + made.stderr + listed.stdout + checked.stdout + off.stderr;
});

test('no secret is in the data folder, in what the server printed, or in any answer', async () => {
  const control = makeCanary();
  await manage('POST', '', { provider: 'home', name: control, secret: secrets.stored });
  await server.stop();
  const found = searchFolder(place.dataDir, { ...secrets, control });
  expect([...new Set(found.map(({ name }) => name))]).toEqual(['control']);
  expect(searchText(server.output(), 'output', secrets)).toEqual([]);
  expect(searchText(answers, 'answers', secrets)).toEqual([]);
}, 60_000);
