import { beforeAll, expect, test } from 'vitest';
import { describeOnEveryPostgres } from '../../test/postgres-engines.ts';
import { silentLog } from '../../test/silent-log.ts';
import { insertTenant, keyOf } from '../../test/tenants.ts';
import { waitUntil } from '../../test/wait-until.ts';
import { openChangeFeeds } from './open-change-feeds.ts';
import type { Postgres } from './open-postgres.ts';
import { acknowledgeKeyChanges } from './queries/acknowledge-key-changes.ts';
import { deleteServer } from './queries/delete-server.ts';
import { findKeySequence } from './queries/find-key-sequence.ts';
import { insertKey } from './queries/insert-key.ts';
import { listKeyChanges } from './queries/list-key-changes.ts';
import { touchKeysUsed } from './queries/touch-keys-used.ts';
import { updateProjectCapture } from './queries/update-project-capture.ts';
import { readAllChanges } from './read-all-changes.ts';

describeOnEveryPostgres('the feed of key changes', (engine) => {
  let db: Postgres;
  beforeAll(async () => {
    db = await engine.open();
    await insertTenant(db, 'a');
  });

  const listen = async () => {
    const feed = openChangeFeeds(db, silentLog);
    const heard: (number | 'gap')[] = [];
    feed.keys.listen({ onSequence: (sequence) => heard.push(sequence), onGap: () => heard.push('gap') });
    await waitUntil(() => heard.length === 1);
    return { feed, heard };
  };

  test('tells every listener of a change once it is committed', async () => {
    const [one, two] = await Promise.all([listen(), listen()]);
    const { sequence } = await insertKey(db)('proj_a', keyOf('a', 1));
    await waitUntil(() => one.heard.includes(sequence) && two.heard.includes(sequence));
    expect(one.heard).toEqual(['gap', sequence]);
    expect(await findKeySequence(db)()).toBe(sequence);
    await Promise.all([one.feed.close(), two.feed.close()]);
  });

  test('never shows a change while a smaller one may still be committed', async () => {
    const since = await findKeySequence(db)();
    let finish = () => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const slow = db.transaction(async (transaction) => {
      await insertKey(transaction)('proj_a', keyOf('a', 2));
      await held;
    });
    await waitUntil(async () => {
      const locks = await db.rows("select 1 from pg_locks where locktype = 'advisory' and granted", []);
      return locks.length > 0;
    });
    const fast = insertKey(db)('proj_a', keyOf('a', 3));
    await waitUntil(async () => {
      const locks = await db.rows("select 1 from pg_locks where locktype = 'advisory' and not granted", []);
      return locks.length > 0;
    });
    expect(await listKeyChanges(db)({ since, limit: 10 })).toEqual([]);
    finish();
    await Promise.all([slow, fast]);
    const changes = await listKeyChanges(db)({ since, limit: 10 });
    expect(changes.map((change) => change.id)).toEqual(['key_a_2', 'key_a_3']);
  });

  test('is silent about uses of keys', async () => {
    const { feed, heard } = await listen();
    await touchKeysUsed(db)([{ keyId: 'key_a_1', usedAtMs: 5, ip: '::1' }]);
    const { sequence } = await insertKey(db)('proj_a', keyOf('a', 4));
    await waitUntil(() => heard.includes(sequence));
    expect(heard).toEqual(['gap', sequence]);
    await feed.close();
  });

  test('sends every key of a project again when what it keeps of calls changes', async () => {
    await insertTenant(db, 'capture');
    await insertKey(db)('proj_capture', keyOf('capture', 1));
    const { sequence: since } = await insertKey(db)('proj_capture', keyOf('capture', 2));
    expect(await updateProjectCapture(db)('proj_capture', { capture: 'metadata' })).toBe(true);
    const changes = await listKeyChanges(db)({ since, limit: 10 });
    expect(changes.map((change) => change.id).sort()).toEqual(['key_capture_1', 'key_capture_2']);
    expect(changes.map((change) => change.capture)).toEqual(['metadata', 'metadata']);
    await updateProjectCapture(db)('proj_capture', { capture: 'metadata' });
    expect(await findKeySequence(db)()).toBe(changes.at(-1)?.sequence);
  });

  test('reports a gap when its connection was cut, and hears of changes again', async () => {
    const { feed, heard } = await listen();
    await db.rows("select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %'", []);
    await waitUntil(() => heard.length === 2);
    const { sequence } = await insertKey(db)('proj_a', keyOf('a', 5));
    await waitUntil(() => heard.includes(sequence));
    expect(heard).toEqual(['gap', 'gap', sequence]);
    await feed.close();
  });

  test('lets a writer wait until every live server has applied its change', async () => {
    const feed = openChangeFeeds(db, silentLog);
    const acknowledge = acknowledgeKeyChanges(db);
    const { sequence } = await insertKey(db)('proj_a', keyOf('a', 6));
    expect(await feed.keys.waitForAcknowledgement(sequence, 5_000)).toBe(true);
    await acknowledge({ serverId: 'one', sequence });
    await acknowledge({ serverId: 'two', sequence: sequence - 1 });
    expect(await feed.keys.waitForAcknowledgement(sequence, 50)).toBe(false);
    const waiting = feed.keys.waitForAcknowledgement(sequence, 10_000);
    await acknowledge({ serverId: 'two', sequence });
    expect(await waiting).toBe(true);
    await acknowledge({ serverId: 'two', sequence: 0 });
    expect(await feed.keys.waitForAcknowledgement(sequence, 5_000)).toBe(true);
    await feed.close();
  });

  test('does not wait for a server that stopped, or that was not heard of for long', async () => {
    const feed = openChangeFeeds(db, silentLog);
    const { sequence } = await insertKey(db)('proj_a', keyOf('a', 7));
    for (const serverId of ['one', 'two']) await acknowledgeKeyChanges(db)({ serverId, sequence: 0 });
    const waiting = feed.keys.waitForAcknowledgement(sequence, 10_000);
    await db.rows("update live_servers set seen_at = now() - interval '11 seconds' where id = 'one'", []);
    await deleteServer(db)({ serverId: 'two' });
    expect(await waiting).toBe(true);
    await feed.close();
  });

  test('ends every wait when it is closed', async () => {
    const feed = openChangeFeeds(db, silentLog);
    await acknowledgeKeyChanges(db)({ serverId: 'behind', sequence: 0 });
    const waiting = feed.keys.waitForAcknowledgement(1_000_000, 60_000);
    await feed.close();
    expect(await waiting).toBe(false);
    await deleteServer(db)({ serverId: 'behind' });
  });

  test('gives out all keys page by page, each once, with the highest sequence last', async () => {
    await insertTenant(db, 'many');
    await db.rows(
      `insert into api_keys (id, organization_id, project_id, name, kind, mode, environment, permissions, digest,
        prefix, last_four, requests_per_minute_max, concurrency_max, created_at)
      select 'many_' || n, 'org_many', 'proj_many', 'n', 'gateway', 'live', 'e', '{}', 'many_' || n, 'p', 'l', 1, 1, now()
      from generate_series(1, 20500) n`,
      [],
    );
    const sizes: number[] = [];
    const ids = new Set<string>();
    let highest = 0;
    for await (const page of readAllChanges(listKeyChanges(db))) {
      sizes.push(page.length);
      for (const key of page) ids.add(key.id);
      highest = page.at(-1)?.sequence ?? 0;
    }
    expect(sizes.slice(0, 2)).toEqual([10_000, 10_000]);
    expect(ids.size).toBe(sizes.reduce((sum, size) => sum + size, 0));
    expect(highest).toBe(await findKeySequence(db)());
  });
});
