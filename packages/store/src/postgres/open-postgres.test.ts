import { expect, test } from 'vitest';
import { describeOnEveryPostgres } from '../../test/postgres-engines.ts';
import { waitUntil } from '../../test/wait-until.ts';
import { openPostgres } from './open-postgres.ts';

test('a PostgreSQL that does not answer rejects with store_unavailable', async () => {
  const postgres = openPostgres({ host: '/nowhere', user: 'x', database: 'x' }, () => undefined);
  await expect(postgres.rows('select 1', [])).rejects.toMatchObject({ code: 'store_unavailable' });
  await expect(postgres.transaction(async () => 1)).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(await postgres.ping()).toBe(false);
  await postgres.close();
  await expect(postgres.rows('select 1', [])).rejects.toMatchObject({ code: 'store_unavailable' });
});

describeOnEveryPostgres('a pool', (engine) => {
  test('outlives its connections: their loss is told, and the next query opens another', async () => {
    const place = await engine.createEmpty();
    const errors: Error[] = [];
    const postgres = openPostgres(place, (error) => errors.push(error));
    const other = openPostgres(place, () => undefined);
    expect(await postgres.ping()).toBe(true);
    await other.rows(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      [],
    );
    await waitUntil(() => errors.length > 0);
    expect(await postgres.ping()).toBe(true);
    await Promise.all([postgres.close(), other.close()]);
  });

  test('a connection that dies in the middle of a transaction, between two statements, fails that transaction and nothing else', async () => {
    const place = await engine.createEmpty();
    const postgres = openPostgres(place, () => undefined);
    const other = openPostgres(place, () => undefined);
    const cut = postgres.transaction(async (db) => {
      const [row] = await db.rows<{ pid: number }>('select pg_backend_pid() as pid', []);
      await other.rows('select pg_terminate_backend($1)', [row?.pid]);
      await waitUntil(async () => {
        const alive = await other.rows('select 1 from pg_stat_activity where pid = $1', [row?.pid]);
        return alive.length === 0;
      });
      // The news of it comes while nothing is asked. Unheard, it would end the process, and with it this run of tests.
      await new Promise((resolve) => setImmediate(resolve));
      await db.rows('select 1', []);
    });
    await expect(cut).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(await postgres.ping()).toBe(true);
    await Promise.all([postgres.close(), other.close()]);
  });

  test('rejects with a code what was cut off, took too long, or broke a rule', async () => {
    const postgres = await engine.open();
    const cut = postgres.rows('select pg_terminate_backend(pg_backend_pid())', []);
    await expect(cut).rejects.toMatchObject({ code: 'store_unavailable' });
    const slow = postgres.transaction(async (db) => {
      await db.rows('set local statement_timeout = 10', []);
      await db.rows('select pg_sleep(5)', []);
    });
    await expect(slow).rejects.toMatchObject({ code: 'store_limit' });
    const orphan = postgres.rows("insert into memberships values ('none', 'u', 'r', now())", []);
    await expect(orphan).rejects.toMatchObject({ code: 'conflict' });
    await expect(postgres.rows('select nothing', [])).rejects.toMatchObject({ code: '42703' });
  });

  test('a transaction is all or nothing, and its connection goes back clean', async () => {
    const postgres = await engine.open();
    const insert = "insert into organizations values ('org_1', 'one', 'One', now())";
    const failed = postgres.transaction(async (db) => {
      await db.rows(insert, []);
      throw new Error('changed its mind');
    });
    await expect(failed).rejects.toThrow('changed its mind');
    expect(await postgres.rows('select id from organizations', [])).toEqual([]);
    await postgres.transaction((db) => db.rows(insert, []));
    expect(await postgres.rows('select id from organizations', [])).toEqual([{ id: 'org_1' }]);
  });
});
