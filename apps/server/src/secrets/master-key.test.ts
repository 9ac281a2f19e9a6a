import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadMasterKey, type MasterKeyPlace } from './master-key.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'master-key-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const place = (more: Partial<MasterKeyPlace> = {}): MasterKeyPlace => ({
  given: undefined,
  configHome: join(folder, 'config'),
  home: folder,
  mode: 'development',
  dataDir: join(folder, 'data'),
  ...more,
});
const keyPath = () => join(folder, 'config', 'tokenrouter', 'master.key');

describe('the master key from the environment', () => {
  const bytes = Buffer.alloc(32, 0xab);

  test.each([
    ['base64', bytes.toString('base64')],
    ['base64 of the URL alphabet', bytes.toString('base64url')],
    ['hex', bytes.toString('hex')],
    ['hex with a line end', `${bytes.toString('hex')}\n`],
  ])('32 bytes are accepted as %s', async (_form, given) => {
    expect(await loadMasterKey(place({ given, mode: 'production' }))).toMatchObject({ ok: true, key: bytes });
  });

  test.each([
    ['empty', ''],
    ['blank', '   '],
    ['a passphrase', 'correct horse battery staple'],
    ['31 bytes', Buffer.alloc(31).toString('base64')],
    ['33 bytes', Buffer.alloc(33).toString('base64')],
    ['63 hex digits', 'a'.repeat(63)],
  ])('%s stops the start and names the remedy', async (_what, given) => {
    const outcome = await loadMasterKey(place({ given }));
    expect(outcome).toMatchObject({ ok: false });
    if (!outcome.ok) {
      expect(outcome.problem).toContain('TOKENROUTER_MASTER_KEY');
      expect(outcome.problem).toContain('openssl rand -base64 32');
      if (given.trim() !== '') expect(outcome.problem).not.toContain(given);
    }
  });
});

describe('the master key file', () => {
  test('development makes one that only its owner can read, and later starts use it', async () => {
    const first = await loadMasterKey(place());
    const second = await loadMasterKey(place({ mode: 'production' }));
    expect(first).toMatchObject({ ok: true, from: 'file', isNew: true, path: keyPath() });
    expect(second).toMatchObject({ ok: true, isNew: false });
    expect(first.ok && second.ok && first.key.equals(second.key)).toBe(true);
    expect((await stat(keyPath())).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'config', 'tokenrouter'))).toEqual(['master.key']);
  });

  test('twenty starts at once agree on one key', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => loadMasterKey(place())));
    const keys = new Set(outcomes.map((outcome) => outcome.ok && outcome.key.toString('hex')));
    expect(keys.size).toBe(1);
    expect(outcomes.filter((outcome) => outcome.ok && outcome.isNew)).toHaveLength(1);
  });

  test('production does not make one and says what to do', async () => {
    const outcome = await loadMasterKey(place({ mode: 'production' }));
    expect(!outcome.ok && outcome.problem).toContain('TOKENROUTER_MASTER_KEY');
    await expect(stat(keyPath())).rejects.toThrow('ENOENT');
  });

  test('it is refused inside the data folder', async () => {
    const outcome = await loadMasterKey(place({ dataDir: folder }));
    expect(!outcome.ok && outcome.problem).toContain('inside the data folder');
  });

  test('a data folder whose name begins like the config folder is another folder', async () => {
    expect(await loadMasterKey(place({ dataDir: join(folder, 'config', 'token') }))).toMatchObject({
      ok: true,
    });
  });

  test('one that others can read is refused with the command that repairs it', async () => {
    await loadMasterKey(place());
    await chmod(keyPath(), 0o644);
    const outcome = await loadMasterKey(place());
    expect(!outcome.ok && outcome.problem).toContain(`chmod 600 ${keyPath()}`);
  });

  test('a damaged one is refused and left as it is', async () => {
    await mkdir(join(folder, 'config', 'tokenrouter'), { recursive: true });
    await writeFile(keyPath(), 'half a key', { mode: 0o600 });
    expect(await loadMasterKey(place())).toMatchObject({ ok: false });
    expect(await readFile(keyPath(), 'utf8')).toBe('half a key');
  });
});

describe('a file that the operator names', () => {
  test('is used, whoever may read it, and never made', async () => {
    const file = join(folder, 'mounted-secret');
    const missing = await loadMasterKey(place({ file }));
    expect(!missing.ok && missing.problem).toContain('TOKENROUTER_MASTER_KEY_FILE');
    await expect(stat(file)).rejects.toThrow('ENOENT');
    await writeFile(file, `${'ab'.repeat(32)}\n`, { mode: 0o644 });
    const found = await loadMasterKey(place({ file, mode: 'production' }));
    expect(found).toMatchObject({ ok: true, path: file, key: Buffer.alloc(32, 0xab) });
  });

  test('beside a value is a contradiction', async () => {
    const outcome = await loadMasterKey(place({ file: join(folder, 'x'), given: 'ab'.repeat(32) }));
    expect(!outcome.ok && outcome.problem).toContain('both set');
  });
});
