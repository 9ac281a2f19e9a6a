import { expect, test } from 'vitest';
import { describeOnEveryPostgres } from '../../test/postgres-engines.ts';
import { readMigrations } from '../read-migrations.ts';
import { migratePostgres } from './migrate-postgres.ts';
import { withMigrationLock } from './migration-lock.ts';
import { openPostgres } from './open-postgres.ts';

describeOnEveryPostgres('migrations', (engine) => {
  test('run once although two servers start at the same time', async () => {
    const place = await engine.createEmpty();
    const files = await readMigrations(new URL('./migrations/', import.meta.url));
    expect(files.length).toBeGreaterThan(3);
    const servers = [0, 1].map(() => openPostgres(place, () => undefined));
    const ran = await Promise.all(
      servers.map((postgres) => withMigrationLock(postgres, () => migratePostgres(postgres))),
    );
    expect(ran.toSorted((a, b) => a.length - b.length)).toEqual([[], files.map((file) => file.name)]);
    await Promise.all(servers.map((postgres) => postgres.close()));
  });

  test('the lock lets one in at a time, and is free again after a failure', async () => {
    const postgres = await engine.open();
    let inside = 0;
    let most = 0;
    const enter = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await postgres.rows('select pg_sleep(0.01)', []);
      inside -= 1;
    };
    const fail = async () => {
      await enter();
      throw new Error('fails inside');
    };
    const runs = [enter, fail, enter, fail, enter].map((run) => withMigrationLock(postgres, run));
    const outcomes = await Promise.allSettled(runs);
    expect(most).toBe(1);
    expect(outcomes.map((outcome) => outcome.status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
  });

  test('the sign-in library has a schema of its own, where its pool creates and finds tables', async () => {
    const postgres = await engine.open();
    const pool = postgres.openPool({ schema: 'auth' });
    await pool.query('create table session (id text)');
    expect(await postgres.rows('select * from auth.session', [])).toEqual([]);
    expect(() => postgres.openPool({ schema: 'auth; drop table api_keys' })).toThrow(
      'not the name of a schema',
    );
  });
});
