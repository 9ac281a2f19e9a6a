import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { loadInstallationSecrets } from './installation-secret.ts';

const masterKey = randomBytes(32);
let open: TestStore;
beforeAll(async () => {
  open = await openTestStore();
});
afterAll(() => open.close());

const load = (key: Uint8Array = masterKey) =>
  loadInstallationSecrets({ table: open.store.secrets, masterKey: key, nowMs: 0 });

test('servers that start at the same moment agree on every shared secret, and later ones find them', async () => {
  const starts = await Promise.all(Array.from({ length: 8 }, () => load()));
  for (const start of [...starts, await load()]) expect(start).toEqual(starts[0]);
  const secrets = starts[0]?.ok ? Object.values(starts[0].secrets) : [];
  expect(secrets.length).toBeGreaterThan(3);
  expect(secrets.every((secret) => secret.length === 32)).toBe(true);
  expect(new Set(secrets.map((secret) => secret.toString('hex'))).size).toBe(secrets.length);
});

test('PostgreSQL holds the secrets sealed only', async () => {
  const loaded = await load();
  const kept = await open.store.secrets.findInstallationSecret({ name: 'key-pepper' });
  expect(loaded.ok && kept?.includes(loaded.secrets['key-pepper'])).toBe(false);
});

test('another master key is told apart with a sentence instead of new secrets', async () => {
  const outcome = await load(randomBytes(32));
  expect(!outcome.ok && outcome.problem).toContain('another master key');
  expect(await load()).toMatchObject({ ok: true });
});
