import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openInstance, openLocalPostgres } from '@app/local-stack';
import { openRelationalStore } from '@app/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runKeys } from '../../src/cli/keys.ts';
import { digestKey } from '../../src/keys/digest-key.ts';
import { hasValidChecksum } from '../../src/keys/key-secret.ts';
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
  const out: string[] = [];
  const errors: string[] = [];
  const status = await runKeys(args, {
    variables: {
      TOKENROUTER_DATA_DIR: dataDir(),
      TOKENROUTER_MASTER_KEY: masterKey.toString('base64'),
      TOKENROUTER_CONFIG: join(folder, 'missing.yaml'),
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
