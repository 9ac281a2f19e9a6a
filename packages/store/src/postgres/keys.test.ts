import { Key, KeyList } from '@app/contract';
import { beforeAll, expect, test } from 'vitest';
import { describeOnEveryPostgres } from '../../test/postgres-engines.ts';
import { insertTenant, keyOf } from '../../test/tenants.ts';
import type { Postgres } from './open-postgres.ts';
import { findKey } from './queries/find-key.ts';
import { findKeyByDigest } from './queries/find-key-by-digest.ts';
import { findKeyToChange } from './queries/find-key-to-change.ts';
import { type InsertKey, insertKey } from './queries/insert-key.ts';
import { listKeyChanges } from './queries/list-key-changes.ts';
import { type ListKeys, listKeys } from './queries/list-keys.ts';
import { revokeKey } from './queries/revoke-key.ts';
import { rotateKey } from './queries/rotate-key.ts';
import { touchKeysUsed } from './queries/touch-keys-used.ts';
import { updateKey } from './queries/update-key.ts';

describeOnEveryPostgres('keys', (engine) => {
  let db: Postgres;
  beforeAll(async () => {
    db = await engine.open();
    for (const name of ['a', 'b', 'paging', 'used', 'odd', 'search']) await insertTenant(db, name);
  });

  test('a key comes back as the contract says, without its digest', async () => {
    const expiresAtMs = Date.UTC(2030, 0, 1);
    const { key } = await insertKey(db)('proj_a', keyOf('a', 1, { expiresAtMs, createdBy: 'user_1' }));
    expect(Key.strict().parse(key)).toEqual(await findKey(db)('proj_a', { id: 'key_a_1' }));
    expect(key).toMatchObject({
      expires_at: '2030-01-01T00:00:00.000Z',
      created_by: 'user_1',
      revoked_at: null,
    });
    expect(JSON.stringify(key)).not.toContain('digest');
  });

  test("another project's key cannot be found, listed or revoked", async () => {
    await insertKey(db)('proj_b', keyOf('b', 1));
    expect(await findKey(db)('proj_a', { id: 'key_b_1' })).toBeUndefined();
    expect(await revokeKey(db)('proj_a', { id: 'key_b_1', revokedAtMs: 0 })).toBeUndefined();
    expect((await listKeys(db)('proj_a', { limit: 200 })).data.map((key) => key.id)).not.toContain('key_b_1');
    expect(await findKey(db)('proj_b', { id: 'key_b_1' })).toMatchObject({ revoked_at: null });
  });

  test("a key cannot be put into another organization's project", async () => {
    const crossed = insertKey(db)('proj_b', keyOf('a', 2));
    await expect(crossed).rejects.toMatchObject({ code: 'conflict' });
  });

  test('two keys never share a digest', async () => {
    await insertKey(db)('proj_a', keyOf('a', 3));
    const again = insertKey(db)('proj_b', keyOf('b', 3, { digest: keyOf('a', 3).digest }));
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a revoked key keeps its first date, and each revocation is a change', async () => {
    const { sequence } = await insertKey(db)('proj_a', keyOf('a', 4));
    const first = await revokeKey(db)('proj_a', { id: 'key_a_4', revokedAtMs: Date.UTC(2026, 5, 1) });
    const second = await revokeKey(db)('proj_a', { id: 'key_a_4', revokedAtMs: Date.UTC(2027, 5, 1) });
    expect(second?.key.revoked_at).toBe('2026-06-01T00:00:00.000Z');
    expect([first?.sequence, second?.sequence].every((each) => (each ?? 0) > sequence)).toBe(true);
    const [change] = await listKeyChanges(db)({ since: sequence, limit: 10 });
    expect(change).toMatchObject({ id: 'key_a_4', digest: 'digest-a-4', revokedAtMs: Date.UTC(2026, 5, 1) });
  });

  test('labels and lists come back as they were given, and belong to the change that servers read', async () => {
    const confined = { models: ['gpt-5'], providers: ['acme'], ipRanges: ['10.0.0.0/8'] };
    const { key, sequence } = await insertKey(db)(
      'proj_a',
      keyOf('a', 5, { owner: 'ada@example.com', tags: ['team-a', 'batch'], ...confined }),
    );
    expect(key).toMatchObject({
      owner: 'ada@example.com',
      tags: ['team-a', 'batch'],
      models: ['gpt-5'],
      providers: ['acme'],
      ip_ranges: ['10.0.0.0/8'],
    });
    const [change] = await listKeyChanges(db)({ since: sequence - 1, limit: 1 });
    expect(change).toMatchObject({ id: 'key_a_5', tags: ['team-a', 'batch'], ...confined });
    await insertKey(db)('proj_a', keyOf('a', 6));
    const [free] = await listKeyChanges(db)({ since: sequence, limit: 1 });
    expect(Object.keys(free ?? {})).not.toEqual(expect.arrayContaining(['models']));
  });

  test('an empty list, which would allow nothing, cannot be kept', async () => {
    await expect(insertKey(db)('proj_a', keyOf('a', 7, { models: [] }))).rejects.toThrow();
  });

  test('a change is written once, by whoever saw the key as it is, and is a change for the servers', async () => {
    const { sequence } = await insertKey(db)('proj_a', keyOf('a', 8));
    const settings = {
      id: 'key_a_8',
      name: 'other',
      permissions: ['traces:read' as const],
      requestsPerMinuteMax: 7,
      concurrencyMax: 3,
      owner: 'grace',
      tags: ['x'],
      models: ['m*'],
      providers: null,
      ipRanges: ['::1'],
      expiresAtMs: Date.UTC(2031, 0, 1),
    };
    const writes = [0, 1].map(() => updateKey(db)('proj_a', { ...settings, sequence }));
    const written = (await Promise.all(writes)).filter((each) => each !== undefined);
    expect(written).toHaveLength(1);
    expect(written[0]?.sequence).toBeGreaterThan(sequence);
    expect(written[0]?.key).toMatchObject({
      name: 'other',
      models: ['m*'],
      providers: null,
      ip_ranges: ['::1'],
    });
    expect(await findKeyToChange(db)('proj_a', { id: 'key_a_8' })).toEqual(written[0]);
    expect(
      await updateKey(db)('proj_b', { ...settings, sequence: written[0]?.sequence ?? 0 }),
    ).toBeUndefined();
    await revokeKey(db)('proj_a', { id: 'key_a_8', revokedAtMs: 1 });
    const now = (await findKeyToChange(db)('proj_a', { id: 'key_a_8' }))?.sequence ?? 0;
    expect(await updateKey(db)('proj_a', { ...settings, sequence: now })).toBeUndefined();
  });

  test('pages hold every key once, newest first, also those of one instant, while keys arrive', async () => {
    const insert = (index: number) =>
      insertKey(db)(
        'proj_paging',
        keyOf('paging', index, { createdAtMs: Date.UTC(2026, 4, 1) + (index % 3) }),
      );
    for (let index = 0; index < 23; index += 1) await insert(index);
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 10; page += 1) {
      const list = KeyList.strict().parse(await listKeys(db)('proj_paging', { limit: 5, cursor }));
      seen.push(...list.data.map((key) => key.id));
      await insertKey(db)('proj_paging', keyOf('paging', 100 + page, { createdAtMs: Date.UTC(2027, 0, 1) }));
      if (list.next_cursor === null) break;
      cursor = list.next_cursor;
    }
    expect(seen).toHaveLength(23);
    expect(new Set(seen).size).toBe(23);
  });

  test.each(['', 'x', Buffer.from("1.a'b").toString('base64url'), Buffer.from('1').toString('base64url')])(
    'the cursor %j, which is none of ours, is refused',
    async (cursor) => {
      // The cursor is read before anything is asked.
      const listed = async () => listKeys(db)('proj_a', { limit: 5, cursor });
      await expect(listed()).rejects.toMatchObject({ code: 'invalid_cursor' });
    },
  );

  test('uses are noted in one statement; an older one never replaces a newer one', async () => {
    await insertKey(db)('proj_used', keyOf('used', 1));
    await insertKey(db)('proj_used', keyOf('used', 2));
    const use = (keyId: string, usedAtMs: number, ip: string) => ({ keyId, usedAtMs, ip });
    await touchKeysUsed(db)([use('key_used_1', 2_000, 'late'), use('key_used_1', 1_000, 'early')]);
    await touchKeysUsed(db)([
      use('key_used_1', 1_500, 'older'),
      use('key_used_2', 9, '::1'),
      use('key_none', 1, 'x'),
    ]);
    expect(await findKey(db)('proj_used', { id: 'key_used_1' })).toMatchObject({
      last_used_at: '1970-01-01T00:00:02.000Z',
      last_used_ip: 'late',
    });
    expect(await findKey(db)('proj_used', { id: 'key_used_2' })).toMatchObject({ last_used_ip: '::1' });
  });

  test('many servers can note uses of the same keys at once', async () => {
    const ids = Array.from({ length: 50 }, (_, index) => 10 + index);
    for (const index of ids) await insertKey(db)('proj_used', keyOf('used', index));
    const uses = ids.map((index) => ({ keyId: `key_used_${index}`, usedAtMs: index, ip: 'a' }));
    const rounds = Array.from({ length: 40 }, (_, round) => (round % 2 === 0 ? uses : uses.toReversed()));
    await expect(Promise.all(rounds.map((round) => touchKeysUsed(db)(round)))).resolves.toHaveLength(40);
  });

  const rotate = async (
    index: number,
    newIndex: number,
    how: { endsAtMs?: number; project?: string } = {},
  ) => {
    const { endsAtMs: oldEndsAtMs = 2_000, project = 'proj_a' } = how;
    const found = await findKeyToChange(db)('proj_a', { id: `key_a_${index}` });
    return rotateKey(db)(project, rotation({ index, newIndex, oldEndsAtMs, sequence: found?.sequence ?? 0 }));
  };
  type Numbers = { [name in 'index' | 'newIndex' | 'oldEndsAtMs' | 'sequence']: number };
  const rotation = ({ index, newIndex, oldEndsAtMs, sequence }: Numbers) => ({
    id: `key_a_${index}`,
    sequence,
    newId: `key_a_${newIndex}`,
    digest: `digest-a-${newIndex}`,
    prefix: 'tr_live_',
    lastFour: 'next',
    createdAtMs: 1_000,
    createdBy: 'user_1',
    expiresAtMs: undefined,
    oldEndsAtMs,
  });

  test('a rotated key has the settings of the old one, both name each other, and the old one ends in time', async () => {
    const made = await insertKey(db)(
      'proj_a',
      keyOf('a', 20, {
        owner: 'ada',
        tags: ['t'],
        models: ['m'],
        ipRanges: ['::1'],
        requestsPerMinuteMax: 5,
      }),
    );
    const rotated = await rotate(20, 21);
    const { id, created_at, created_by, last_four, replaces, replaced_by, ...same } =
      rotated?.key ?? made.key;
    expect({ id, created_at, created_by, last_four, replaces, replaced_by }).toEqual({
      id: 'key_a_21',
      created_at: new Date(1_000).toISOString(),
      created_by: 'user_1',
      last_four: 'next',
      replaces: 'key_a_20',
      replaced_by: null,
    });
    expect(made.key).toMatchObject(same);
    expect(rotated?.replaced).toMatchObject({
      replaced_by: 'key_a_21',
      expires_at: new Date(2_000).toISOString(),
      revoked_at: null,
    });
    const changes = await listKeyChanges(db)({ since: made.sequence, limit: 10 });
    expect(changes.map((change) => change.id).sort()).toEqual(['key_a_20', 'key_a_21']);
    expect(rotated?.sequence).toBe(Math.max(...changes.map((change) => change.sequence)));
  });

  test('an overlap never prolongs the old key, and none revokes it at once', async () => {
    await insertKey(db)('proj_a', keyOf('a', 22, { expiresAtMs: 1_500 }));
    const short = await rotate(22, 23, { endsAtMs: 9_000 });
    expect(short?.replaced.expires_at).toBe(new Date(1_500).toISOString());
    await insertKey(db)('proj_a', keyOf('a', 24));
    const ended = await rotate(24, 25, { endsAtMs: 1_000 });
    expect(ended?.replaced).toMatchObject({ revoked_at: new Date(1_000).toISOString(), expires_at: null });
  });

  test('a key is replaced once, and not at all when it is over or belongs to another project', async () => {
    await insertKey(db)('proj_a', keyOf('a', 30));
    const tries = await Promise.all([31, 32, 33].map((n) => rotate(30, n)));
    expect(tries.filter((each) => each !== undefined)).toHaveLength(1);
    await insertKey(db)('proj_a', keyOf('a', 34, { expiresAtMs: 1_000 }));
    expect(await rotate(34, 35)).toBeUndefined();
    await insertKey(db)('proj_a', keyOf('a', 36));
    expect(await rotate(36, 37, { project: 'proj_b' })).toBeUndefined();
    await revokeKey(db)('proj_a', { id: 'key_a_36', revokedAtMs: 1 });
    expect(await rotate(36, 37)).toBeUndefined();
    expect(await findKey(db)('proj_a', { id: 'key_a_37' })).toBeUndefined();
    const { sequence } = await insertKey(db)('proj_a', keyOf('a', 38));
    const stale = rotation({ index: 38, newIndex: 39, oldEndsAtMs: 2_000, sequence: sequence - 1 });
    expect(await rotateKey(db)('proj_a', stale)).toBeUndefined();
  });

  test('a key is found by its digest with the project it belongs to', async () => {
    await insertKey(db)('proj_b', keyOf('b', 40));
    const found = await findKeyByDigest(db)({ digest: 'digest-b-40' });
    expect(found).toMatchObject({ key: { id: 'key_b_40' }, project: 'default' });
    expect(await findKeyByDigest(db)({ digest: 'digest-b-none' })).toBeUndefined();
  });

  test('the list is searched by every property, and what is looked for is never a pattern', async () => {
    const dayMs = 86_400_000;
    const nowMs = Date.UTC(2026, 6, 1);
    const insert = (index: number, changes: Partial<InsertKey>) =>
      insertKey(db)(
        'proj_search',
        keyOf('search', index, { createdAtMs: nowMs - 100 * dayMs + index, ...changes }),
      );
    await insert(1, { name: 'Checkout 100%', owner: 'ada', tags: ['web', 'eu'] });
    await insert(2, { name: 'batch_job', kind: 'ingest', expiresAtMs: nowMs + 10 * dayMs });
    await insert(3, { name: 'tester', mode: 'test', expiresAtMs: nowMs + 20 * dayMs, owner: 'grace' });
    await insert(4, { name: 'gone', expiresAtMs: nowMs });
    await insert(5, { name: 'taken back', tags: ['web'] });
    await revokeKey(db)('proj_search', { id: 'key_search_5', revokedAtMs: nowMs });
    await insert(6, { name: 'new', createdAtMs: nowMs - dayMs });
    await touchKeysUsed(db)([{ keyId: 'key_search_1', usedAtMs: nowMs - 2 * dayMs, ip: '::1' }]);
    const find = async (search: Partial<ListKeys>) =>
      (await listKeys(db)('proj_search', { limit: 50, nowMs, ...search })).data.map((key) => key.name);
    expect(await find({})).toHaveLength(6);
    expect(await find({ name: 'CHECK' })).toEqual(['Checkout 100%']);
    expect(await find({ name: '%' })).toEqual(['Checkout 100%']);
    expect(await find({ name: 'batch.job' })).toEqual([]);
    expect(await find({ kind: 'ingest' })).toEqual(['batch_job']);
    expect(await find({ mode: 'test' })).toEqual(['tester']);
    expect(await find({ status: 'active' })).toEqual(['new', 'tester', 'batch_job', 'Checkout 100%']);
    expect(await find({ status: 'expiring' })).toEqual(['batch_job']);
    expect(await find({ status: 'expired' })).toEqual(['gone']);
    expect(await find({ status: 'revoked' })).toEqual(['taken back']);
    expect(await find({ owner: 'ada' })).toEqual(['Checkout 100%']);
    expect(await find({ owner: 'ad' })).toEqual([]);
    expect(await find({ tag: 'web' })).toEqual(['taken back', 'Checkout 100%']);
    expect(await find({ tag: 'web', status: 'active' })).toEqual(['Checkout 100%']);
    const since = (days: number) => new Date(nowMs - days * dayMs).toISOString();
    expect(await find({ unused_since: since(30) })).toEqual(['taken back', 'gone', 'tester', 'batch_job']);
    expect(await find({ unused_since: since(1.5), status: 'active' })).toEqual([
      'tester',
      'batch_job',
      'Checkout 100%',
    ]);
  });

  const odd = ["'; drop table api_keys; --", "' or '1'='1", '$1', '\\', '%', '"', '{a,b}', 'Ünïcødé 漢字 🦊'];
  test.each(odd)('%j is text wherever it stands', async (text) => {
    const index = odd.indexOf(text);
    const changes = { id: text, name: text, environment: text, digest: text, createdBy: text, prefix: text };
    await insertKey(db)('proj_odd', keyOf('odd', index, changes));
    expect(await findKey(db)('proj_odd', { id: text })).toMatchObject({ name: text, environment: text });
    expect(await findKey(db)(text, { id: 'key_a_1' })).toBeUndefined();
    expect((await listKeys(db)(text, { limit: 200 })).data).toEqual([]);
    expect((await listKeys(db)('proj_odd', { limit: 200 })).data).toHaveLength(index + 1);
  });

  test('a zero character, which PostgreSQL cannot store, is refused by a code', async () => {
    const inserted = insertKey(db)('proj_a', keyOf('a', 9, { name: 'zero \u0000' }));
    await expect(inserted).rejects.toMatchObject({ code: 'invalid_text' });
  });
});
