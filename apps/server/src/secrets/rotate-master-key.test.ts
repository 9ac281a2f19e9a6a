import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadDataKeys } from './data-keys.ts';
import { loadInstallationSecrets } from './installation-secret.ts';
import { finishRotation, type Rotation, rotateMasterKey, type WrappedPlace } from './rotate-master-key.ts';
import { databasePlace, dataFolderPlace } from './wrapped-places.ts';

const [from, to, other] = [randomBytes(32), randomBytes(32), randomBytes(32)];

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rotate-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** The table of shared secrets, in memory; each statement is all or nothing, as in PostgreSQL. */
function createTable() {
  const rows = new Map<string, Buffer>();
  return {
    rows,
    findInstallationSecret: async ({ name }: { name: string }) => rows.get(name),
    insertInstallationSecret: async ({ name, sealed }: { name: string; sealed: Buffer }) => {
      const kept = rows.get(name) ?? sealed;
      rows.set(name, kept);
      return kept;
    },
    listInstallationSecrets: async () => [...rows].map(([name, sealed]) => ({ name, sealed })),
    upsertInstallationSecrets: async (secrets: readonly { name: string; sealed: Buffer }[]) => {
      for (const { name, sealed } of secrets) rows.set(name, sealed);
      return undefined;
    },
    promoteInstallationSecrets: async () => {
      for (const [name, sealed] of [...rows]) {
        if (!name.endsWith('.next')) continue;
        rows.delete(name);
        rows.set(name.slice(0, -'.next'.length), sealed);
      }
      return undefined;
    },
  };
}

type Table = ReturnType<typeof createTable>;

/** Everything the master key wraps, or undefined when this one does not open all of it. */
async function openAll(table: Table, masterKey: Buffer): Promise<string | undefined> {
  const data = await loadDataKeys(dataDir, masterKey);
  const shared = await loadInstallationSecrets({ table, masterKey, nowMs: 0 });
  if (!data.ok || !shared.ok) return undefined;
  return JSON.stringify([data.keys, shared.secrets]);
}

const placesOf = (table: Table) => [dataFolderPlace(dataDir), databasePlace(table, () => 0)];

function rotation(table: Table, more: Partial<Rotation> = {}): Rotation {
  return { places: placesOf(table), from, to, keepsOld: false, ...more };
}

/** The same places, cut off before the write of this number: a kill, as far as what is kept can tell. */
function cutOff(places: readonly WrappedPlace[], at: number): WrappedPlace[] {
  let writes = 0;
  const step = () => {
    writes += 1;
    if (writes > at) throw new Error('killed');
  };
  return places.map((place) => ({
    ...place,
    keepNext: async (secrets) => {
      for (const secret of secrets) {
        step();
        await place.keepNext([secret]);
      }
    },
    promote: async () => {
      step();
      await place.promote();
    },
  }));
}

test('after a rotation the new key opens the same secrets, and the old one none of them', async () => {
  const table = createTable();
  const before = await openAll(table, from);
  expect(before).toBeDefined();
  expect(await rotateMasterKey(rotation(table))).toEqual({ ok: true, count: 3 + table.rows.size });
  expect(await openAll(table, to)).toBe(before);
  expect((await loadDataKeys(dataDir, from)).ok).toBe(false);
  expect((await loadInstallationSecrets({ table, masterKey: from, nowMs: 0 })).ok).toBe(false);
  expect(await readdir(join(dataDir, 'keys'))).toEqual([
    'clickhouse-disk.sealed',
    'contents.sealed',
    'spool.sealed',
  ]);
  expect((await stat(join(dataDir, 'keys', 'spool.sealed'))).mode & 0o777).toBe(0o600);
  expect([...table.rows.keys()].filter((name) => name.endsWith('.next'))).toEqual([]);
});

test('cut off before any of its writes, one of the two keys opens everything, and the same command completes it', async () => {
  for (let at = 0; ; at += 1) {
    await rm(join(dataDir, 'keys'), { recursive: true, force: true });
    const table = createTable();
    const before = await openAll(table, from);
    const count = 3 + table.rows.size;
    const outcome = await rotateMasterKey(rotation(table, { places: cutOff(placesOf(table), at) })).catch(
      (error: unknown) => String(error),
    );
    const opened = [await openAll(table, from), await openAll(table, to)];
    expect(opened, `cut off before write ${at + 1}`).toContain(before);
    expect(opened.every((each) => each === undefined || each === before)).toBe(true);
    expect(opened[0] === before, 'the old key works until the new one takes over').toBe(at <= count);
    expect(opened[1] === before, 'the new key works as soon as all is prepared').toBe(at >= count);
    expect(await rotateMasterKey(rotation(table))).toMatchObject({ ok: true });
    expect(await openAll(table, to)).toBe(before);
    expect(await openAll(table, from)).toBeUndefined();
    if (typeof outcome !== 'string') {
      expect(at).toBe(count + 2);
      return;
    }
  }
});

test('a rotation that keeps the old key is one in which both open everything, until it is finished with the new', async () => {
  const table = createTable();
  const before = await openAll(table, from);
  expect(await rotateMasterKey(rotation(table, { keepsOld: true }))).toMatchObject({ ok: true });
  for (const key of [from, to]) expect(await openAll(table, key)).toBe(before);
  expect(await finishRotation({ places: placesOf(table), key: from })).toMatchObject({ ok: false });
  expect(await finishRotation({ places: placesOf(table), key: to })).toMatchObject({ ok: true });
  expect(await openAll(table, to)).toBe(before);
  expect(await openAll(table, from)).toBeUndefined();
  expect(await finishRotation({ places: placesOf(table), key: to })).toMatchObject({ ok: true });
});

test('a rotation that was given up is replaced by one to another key', async () => {
  const table = createTable();
  const before = await openAll(table, from);
  await rotateMasterKey(rotation(table, { to: other, keepsOld: true }));
  expect(await rotateMasterKey(rotation(table))).toMatchObject({ ok: true });
  expect(await openAll(table, to)).toBe(before);
  expect(await openAll(table, other)).toBeUndefined();
});

test('cut off among the files of a folder, the new key opens everything and the same command goes on', async () => {
  const table = createTable();
  const before = await openAll(table, from);
  await rotateMasterKey(rotation(table, { keepsOld: true }));
  const path = join(dataDir, 'keys', 'contents.sealed');
  await rename(`${path}.next`, path);
  expect(await openAll(table, to)).toBe(before);
  expect(await rotateMasterKey(rotation(table))).toMatchObject({ ok: true });
  expect(await openAll(table, to)).toBe(before);
});

test('another server’s data folder follows with the same two keys, after the shared secrets were rotated', async () => {
  const table = createTable();
  await openAll(table, from);
  const elsewhere = await mkdtemp(join(tmpdir(), 'rotate-elsewhere-'));
  try {
    const before = await loadDataKeys(elsewhere, from);
    await rotateMasterKey(rotation(table));
    const places = [dataFolderPlace(elsewhere), databasePlace(table, () => 0)];
    expect(await rotateMasterKey(rotation(table, { places }))).toMatchObject({ ok: true });
    expect(await loadDataKeys(elsewhere, to)).toEqual(before);
  } finally {
    await rm(elsewhere, { recursive: true, force: true });
  }
});

test('a wrong key changes nothing, anywhere', async () => {
  const table = createTable();
  const before = await openAll(table, from);
  const outcome = await rotateMasterKey(rotation(table, { from: other }));
  expect(!outcome.ok && outcome.problem).toContain('nothing was changed');
  expect(await openAll(table, from)).toBe(before);
  expect([...table.rows.keys()].some((name) => name.endsWith('.next'))).toBe(false);
});
