import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadDataKeys } from './data-keys.ts';

const masterKey = randomBytes(32);
let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'data-keys-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const path = (name: string) => join(dataDir, 'keys', `${name}.sealed`);

test('the keys of a data folder are made once, differ from each other and come back unchanged', async () => {
  const first = await loadDataKeys(dataDir, masterKey);
  const second = await loadDataKeys(dataDir, masterKey);
  expect(first).toMatchObject({ ok: true });
  expect(second).toEqual(first);
  const keys = first.ok ? Object.values(first.keys).map((key) => key.toString('hex')) : [];
  expect(new Set(keys).size).toBe(3);
  expect(keys.every((key) => key.length === 64)).toBe(true);
});

test('key files are readable by their owner only and hold no key in the clear', async () => {
  const loaded = await loadDataKeys(dataDir, masterKey);
  if (!loaded.ok) throw new Error(loaded.problem);
  const file = await readFile(path('spool'));
  expect(file.includes(loaded.keys.spool)).toBe(false);
  expect((await stat(path('spool'))).mode & 0o777).toBe(0o600);
  expect((await stat(join(dataDir, 'keys'))).mode & 0o777).toBe(0o700);
});

test('another master key is told apart with a sentence, and the keys stay', async () => {
  await loadDataKeys(dataDir, masterKey);
  const before = await readFile(path('spool'));
  const outcome = await loadDataKeys(dataDir, randomBytes(32));
  expect(!outcome.ok && outcome.problem).toContain('made with another master key');
  expect(await readFile(path('spool'))).toEqual(before);
});

test('a key file under the name of another one does not open', async () => {
  await loadDataKeys(dataDir, masterKey);
  await copyFile(path('spool'), path('contents'));
  expect(await loadDataKeys(dataDir, masterKey)).toMatchObject({ ok: false });
});

test('a key file cut short is refused instead of being replaced', async () => {
  await loadDataKeys(dataDir, masterKey);
  await truncate(path('clickhouse-disk'), 10);
  expect(await loadDataKeys(dataDir, masterKey)).toMatchObject({ ok: false });
});

test('starts at the same moment agree on the keys', async () => {
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => loadDataKeys(dataDir, masterKey)));
  for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
});
