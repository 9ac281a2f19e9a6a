import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openInstance, openLocalPostgres } from '@app/local-stack';
import { openRelationalStore } from '@app/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runKeys } from '../../src/cli/keys.ts';
import { digestKey } from '../../src/keys/digest-key.ts';
import { hasValidChecksum, newKeySecret } from '../../src/keys/key-secret.ts';
import { loadInstallationSecrets } from '../../src/secrets/installation-secret.ts';
import { openKeySync } from '../../src/snapshot/open-key-sync.ts';
import { silentLog } from '../open-test-store.ts';

const masterKey = randomBytes(32);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const dataDir = () => join(folder, 'data');

/** Runs one command as `tokenrouter keys ...` would, and gives what it wrote. */
async function keys(...args: string[]) {
  return keysWith('', ...args);
}

/** The same with a text on standard input. */
async function keysWith(input: string, ...args: string[]) {
  const out: string[] = [];
  const errors: string[] = [];
  const status = await runKeys(args, {
    variables: {
      TOKENROUTER_DATA_DIR: dataDir(),
      TOKENROUTER_MASTER_KEY: masterKey.toString('base64'),
      TOKENROUTER_CONFIG: join(folder, 'missing.yaml'),
    },
    readInput: async function* () {
      yield Buffer.from(input);
    },
    print: (text) => out.push(text),
    warn: (text) => errors.push(text),
    isTerminal: false,
    stopRequested: new Promise(() => undefined),
  });
  return { status, out: out.join(''), errors: errors.join('') };
}

describe('while no server runs', () => {
  test('a key is made, listed and revoked, and nothing is left running', async () => {
    const made = await keys('create', '--name', 'ci', '--mode', 'test');
    expect(made.status).toBe(0);
    expect(made.out).toMatch(/^tr_test_[0-9A-Za-z]{49}\n$/);
    expect(hasValidChecksum(made.out.trim())).toBe(true);
    expect(made.errors).not.toContain(made.out.trim());

    const listed = JSON.parse((await keys('list', '--json')).out);
    expect(listed).toMatchObject([
      { name: 'ci', mode: 'test', environment: 'development', revoked_at: null },
    ]);
    expect(JSON.stringify(listed)).not.toContain(made.out.trim());

    expect((await keys('revoke', listed[0].id)).status).toBe(0);
    expect(await readdir(dataDir())).not.toContain('run.json');
  }, 60_000);

  test('a key is shown, changed, rotated, found again and counted', async () => {
    const made = await keys('create', '--name', 'ci', '--tag', 'a', '--model', 'gpt-5', '--ip', '10.0.0.0/8');
    const [{ id }] = JSON.parse((await keys('list', '--json', '--tag', 'a')).out);
    expect((await keys('show', id)).out).toMatch(/^models +gpt-5$/m);
    expect((await keys('update', id, '--any-model', '--owner', 'ada', '--concurrency', '3')).status).toBe(0);
    const shown = JSON.parse((await keys('show', id, '--json')).out);
    expect(shown).toMatchObject({
      owner: 'ada',
      models: null,
      concurrency_max: 3,
      ip_ranges: ['10.0.0.0/8'],
    });

    const rotated = await keys('rotate', id, '--overlap', '1h');
    expect(rotated.out).toMatch(/^tr_live_[0-9A-Za-z]{49}\n$/);
    expect(rotated.errors).toContain(`in the place of ${id}, which works until`);
    const again = await keys('rotate', id);
    expect([again.status, again.errors]).toEqual([1, expect.stringContaining('was replaced by')]);

    const log = `2026 key=${made.out.trim()}\nand ${rotated.out.trim()} and tr_live_${'0'.repeat(49)}`;
    const found = await keysWith(log, 'check', '--look-up');
    expect(found.status).toBe(1);
    expect(found.out.split('\n')).toEqual([
      expect.stringMatching(
        new RegExp(
          `^\\(standard input\\):1:10: tr_live_\\.\\.\\..{4} is ${id} "ci" of project default: replaced, until`,
        ),
      ),
      expect.stringMatching(/^\(standard input\):2:5: .* of project default: active$/),
      '',
    ]);
    for (const secret of [made.out.trim(), rotated.out.trim()]) expect(found.out).not.toContain(secret);

    const usage = await keys('usage', id, '--range', '7d');
    expect(usage.out).toMatch(new RegExp(`^${id} +ci +0 +0 +0 +0 +0 +never`, 'm'));
    expect((await keys('usage', 'key_none')).status).toBe(1);
    expect(await readdir(dataDir())).not.toContain('run.json');
  }, 120_000);

  test('a key that was issued elsewhere is imported from standard input or a file, and never printed', async () => {
    const secret = `tr_${randomBytes(24).toString('hex')}`;
    const made = await keysWith(`${secret}\n`, 'import', '--name', 'old', '--owner', 'ada');
    expect([made.status, made.out]).toEqual([0, expect.stringMatching(/^key_/)]);
    expect(made.out + made.errors).not.toContain(secret);
    const shown = JSON.parse((await keys('show', made.out.trim(), '--json')).out);
    expect(shown).toMatchObject({
      mode: 'live',
      kind: 'gateway',
      prefix: 'tr_',
      last_four: secret.slice(-4),
    });

    const twice = await keysWith(secret, 'import', '--name', 'again');
    expect([twice.status, twice.out]).toEqual([1, '']);
    expect(twice.errors).toContain(`there already: ${made.out.trim()} of project default`);
    const file = join(folder, 'key.txt');
    await writeFile(file, `tr_dev_${'a1'.repeat(12)}`);
    const unclear = await keys('import', '--name', 'dev', '--file', file);
    expect([unclear.status, unclear.errors]).toEqual([
      2,
      expect.stringContaining('--mode live or --mode test'),
    ]);
    expect((await keys('import', '--name', 'dev', '--file', file, '--mode', 'test')).status).toBe(0);
    const crossed = await keysWith(`tr_test_${'a1'.repeat(12)}`, 'import', '--name', 'k', '--mode', 'live');
    expect([crossed.status, crossed.errors]).toEqual([2, expect.stringContaining('is a test key')]);
    expect((await keysWith('sk-other', 'import', '--name', 'k')).status).toBe(2);
    expect((await keysWith('x'.repeat(10_000), 'import', '--name', 'k')).status).toBe(2);
  }, 120_000);

  test('a text is checked without a store, and a clean one ends with 0', async () => {
    const secret = newKeySecret('ingest', 'live', randomBytes);
    const file = join(folder, 'app.log');
    await writeFile(file, `first\n  ${secret}\n`);
    const found = await keys('check', file, '--json');
    expect([found.status, JSON.parse(found.out)]).toEqual([
      1,
      [{ place: file, line: 2, column: 3, key: `tt_live_...${secret.slice(-4)}` }],
    ]);
    expect(found.out).not.toContain(secret);
    expect(await keysWith('nothing here', 'check')).toMatchObject({ status: 0, out: '' });
    await expect(keys('check', join(folder, 'missing'))).rejects.toThrow('missing');
    expect(await readdir(folder)).toEqual(['app.log']);
  });

  test('a command that cannot be understood opens nothing and ends with status 2', async () => {
    const misused = await keys('create', '--mode', 'live');
    expect(misused).toMatchObject({ status: 2, out: '' });
    expect(misused.errors).toContain('--name');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('while a server runs on the same data folder', () => {
  test('a key works in the server when the command is done, and a revoked one works no more; what cannot be done says so', async () => {
    const instance = await openInstance({ dataDir: dataDir() });
    const postgres = await openLocalPostgres({ dataDir: dataDir(), runDir: instance.runDir, log: silentLog });
    instance.publish({ postgresHost: postgres.host });
    const { host, port, user, database } = postgres;
    const store = await openRelationalStore({ postgres: { host, port, user, database }, log: silentLog });
    const sync = await openKeySync({
      keys: store.keys,
      serverId: 'srv_1',
      schedule: () => () => undefined,
      onWarning: () => undefined,
    });
    try {
      const { out, status } = await keys('create', '--name', 'ci', '--permission', 'traces:read');
      expect(status).toBe(0);
      const loaded = await loadInstallationSecrets({ table: store.secrets, masterKey, nowMs: 0 });
      if (!loaded.ok) throw new Error(loaded.problem);
      const digest = digestKey(loaded.secrets['key-pepper'])(out.trim());
      const principal = sync.findPrincipal(digest);
      expect(principal).toMatchObject({ mode: 'live', permissions: new Set(['traces:read']) });
      expect((await keys('revoke', principal?.keyId ?? '')).status).toBe(0);
      expect(sync.findPrincipal(digest)).toBeUndefined();
      expect((await keys('list')).out).toMatch(/ci .* revoked/);

      const nowhere = await keys('create', '--name', 'ci', '--project', 'nowhere');
      expect(nowhere).toMatchObject({ status: 2, out: '' });
      expect(nowhere.errors).toContain('there is no project "nowhere"');
      const excess = await keys('create', '--name', 'ci', '--kind', 'ingest', '--permission', 'traces:read');
      expect(excess).toMatchObject({ status: 2, out: '' });
      expect(await keys('revoke', 'key_unknown')).toMatchObject({ status: 1, out: '' });
    } finally {
      await sync.close();
      await store.close();
      await postgres.stop();
      await instance.close();
    }
  }, 60_000);
});
