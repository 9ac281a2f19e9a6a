import { Key, KeyList } from '@app/contract';
import { beforeAll, expect, test } from 'vitest';
import { describeOnEveryPostgres } from '../../test/postgres-engines.ts';
import { insertTenant, keyOf } from '../../test/tenants.ts';
import type { Postgres } from './open-postgres.ts';
import { findKey } from './queries/find-key.ts';
import { insertKey } from './queries/insert-key.ts';
import { listKeyChanges } from './queries/list-key-changes.ts';
import { listKeys } from './queries/list-keys.ts';
import { revokeKey } from './queries/revoke-key.ts';
import { touchKeysUsed } from './queries/touch-keys-used.ts';

describeOnEveryPostgres('keys', (engine) => {
  let db: Postgres;
  beforeAll(async () => {
    db = await engine.open();
    for (const name of ['a', 'b', 'paging', 'used', 'odd']) await insertTenant(db, name);
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
