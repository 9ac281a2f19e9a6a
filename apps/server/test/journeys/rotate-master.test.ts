import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createSealingKey, openFakeUpstream, playsVault } from '@app/testkit';
import { afterEach, expect, test } from 'vitest';
import { databaseUrlOf } from '../database-url.ts';
import { searchFolder, searchText } from '../find-canaries.ts';
import { openTestStore } from '../open-test-store.ts';
import { runHere } from '../run-here.ts';
import { type ServerHere, startHere } from '../start-here.ts';
import { createKey, makePlace, type Place, runCli, startProcess } from '../start-process.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function open(environment: NodeJS.ProcessEnv = {}): Place {
  const place = makePlace('', environment);
  closing.push(place.remove);
  return place;
}

async function start(
  place: Place,
  startIt: (place: Place) => Promise<ServerHere> = startHere,
): Promise<ServerHere> {
  const server = await startIt(place);
  closing.push(() => server.stop());
  return server;
}

/** The same installation with another environment. */
function withEnvironment(place: Place, more: NodeJS.ProcessEnv): Place {
  return { ...place, environment: { ...place.environment, ...more } };
}

async function askSandbox(url: string, key: string): Promise<number> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] }),
  });
  await response.text();
  return response.status;
}

const publicKeyOf = async (url: string) => (await fetch(`${url}/.well-known/tr-public-key`)).json();

test('the master key is rotated under a running server, and the next start needs the new one', async () => {
  const [old, next] = [randomBytes(32), randomBytes(32)].map((key) => key.toString('base64'));
  const place = open({ TOKENROUTER_MASTER_KEY: old });
  const server = await start(place, startProcess);
  const key = await createKey(place, 'test');
  const publicKey = await publicKeyOf(server.url);
  const rotating = withEnvironment(place, { TOKENROUTER_NEW_MASTER_KEY: next });
  const rotated = await runCli(rotating, ['keys', 'rotate-master']);
  expect(rotated).toMatchObject({ code: 0, stdout: '' });
  expect(rotated.stderr).toContain('Set TOKENROUTER_MASTER_KEY to the new key before the next start');
  expect(rotated.stderr).not.toContain(next);
  expect(await askSandbox(server.url, key)).toBe(200);
  await server.stop();
  await expect(startHere(place)).rejects.toThrow('made with another master key');
  const again = await start(withEnvironment(place, { TOKENROUTER_MASTER_KEY: next }), startProcess);
  expect(await askSandbox(again.url, key)).toBe(200);
  expect(await publicKeyOf(again.url)).toEqual(publicKey);
}, 120_000);

test('a key that this program keeps is replaced in its file, and without a server too; both open until the end where asked', async () => {
  // Stores of its own would be started five times, and the test before this one has them.
  const shared = await openTestStore();
  closing.push(shared.close);
  const place = open({ DATABASE_URL: databaseUrlOf(shared.place), CLICKHOUSE_URL: 'http://127.0.0.1:9' });
  const server = await start(place);
  const key = await createKey(place, 'test');
  await server.stop();
  const path = join(place.dir, '.config', 'tokenrouter', 'master.key');
  const old = readFileSync(path, 'utf8');
  const kept = await runHere(place, ['keys', 'rotate-master', '--keep-old']);
  expect(kept).toMatchObject({ code: 0, stdout: '' });
  expect(readFileSync(path, 'utf8')).not.toBe(old);
  expect(readFileSync(`${path}.old`, 'utf8')).toBe(old);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const both = await start(withEnvironment(place, { TOKENROUTER_MASTER_KEY: old.trim() }));
  expect(await askSandbox(both.url, key)).toBe(200);
  await both.stop();
  expect((await runHere(place, ['keys', 'rotate-master', '--finish'])).code).toBe(0);
  const late = withEnvironment(place, { TOKENROUTER_MASTER_KEY: old.trim() });
  await expect(startHere(late)).rejects.toThrow('made with another master key');
  const again = await start(place);
  expect(await askSandbox(again.url, key)).toBe(200);
}, 120_000);

test('a key that a key management service wraps is rotated to one that it wraps as well, and neither is written down', async () => {
  const vault = playsVault();
  vault.tokens.add('hvs.canary');
  vault.keys.set('master', createSealingKey());
  const [service, database] = await Promise.all([openFakeUpstream(vault.script), openTestStore()]);
  closing.push(service.close, database.close);
  const place = makePlace('allow_private_hosts: [127.0.0.1]', {
    DATABASE_URL: databaseUrlOf(database.place),
    CLICKHOUSE_URL: 'http://127.0.0.1:9',
    TOKENROUTER_MASTER_KEY_KMS: 'vault-transit:master',
    VAULT_ADDR: service.url,
    VAULT_TOKEN: 'hvs.canary',
  });
  closing.push(place.remove);
  const wrapped = async (at: Place, command: string) => {
    const { code, stdout, stderr } = await runHere(at, ['keys', command]);
    expect(code, stderr).toBe(0);
    return { TOKENROUTER_MASTER_KEY_WRAPPED: stdout.trim() };
  };
  const old = withEnvironment(place, await wrapped(place, 'wrap-master'));
  const server = await start(old);
  const key = await createKey(old, 'test');
  const publicKey = await publicKeyOf(server.url);
  const next = withEnvironment(place, await wrapped(old, 'rotate-master'));
  expect(await askSandbox(server.url, key)).toBe(200);
  await server.stop();
  await expect(startHere(old)).rejects.toThrow('made with another master key');
  const again = await start(next);
  expect(await askSandbox(again.url, key)).toBe(200);
  expect(await publicKeyOf(again.url)).toEqual(publicKey);
  // What the service was asked to open and to wrap is known to it alone.
  const keys = service.requests.flatMap(({ json }) =>
    json?.plaintext === undefined ? [] : [String(json.plaintext)],
  );
  expect(new Set(keys).size).toBe(2);
  for (const plain of keys) {
    expect(searchFolder(place.dir, { plain })).toEqual([]);
    expect(searchText(server.output() + again.output(), 'output', { plain })).toEqual([]);
  }
}, 120_000);

test.each<{ environment?: NodeJS.ProcessEnv; options?: string[]; sentence: string }>([
  { environment: { TOKENROUTER_NEW_MASTER_KEY: 'ab'.repeat(32) }, sentence: 'is the one in use' },
  {
    environment: { TOKENROUTER_NEW_MASTER_KEY: 'ab'.repeat(16) },
    sentence: 'does not hold exactly 32 bytes',
  },
  { environment: { TOKENROUTER_NEW_MASTER_KEY_FILE: '/nowhere/key' }, sentence: 'cannot be read' },
  {
    environment: {
      TOKENROUTER_NEW_MASTER_KEY: 'cd'.repeat(32),
      TOKENROUTER_NEW_MASTER_KEY_FILE: '/nowhere/key',
    },
    sentence: 'are both set',
  },
  { options: ['--keep-old', '--finish'], sentence: 'contradict each other' },
  { options: ['--harder'], sentence: '--harder' },
])(
  'a rotation that cannot be meant is refused: $sentence',
  async ({ environment, options = [], sentence }) => {
    const place = open({ TOKENROUTER_MASTER_KEY: 'ab'.repeat(32), ...environment });
    const outcome = await runHere(place, ['keys', 'rotate-master', ...options]);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(sentence);
  },
);
