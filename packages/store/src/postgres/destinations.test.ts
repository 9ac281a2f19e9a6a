import { beforeAll, expect, test } from 'vitest';
import { describeOnEveryPostgres } from '../../test/postgres-engines.ts';
import { insertTenant } from '../../test/tenants.ts';
import { destinationTables } from './destination-tables.ts';
import type { Postgres } from './open-postgres.ts';

const AT_MS = Date.UTC(2026, 10, 1);

const given = (id: string, name = id) => ({
  id,
  name,
  kind: 'webhook' as const,
  target: 'https://hooks.example.com',
  sealed: Buffer.from([1, 2, 3]),
  budgetNotices: false,
  createdAtMs: AT_MS,
  createdBy: 'user_1',
  max: 100,
});

describeOnEveryPostgres('where messages go', (engine) => {
  let db: Postgres;
  beforeAll(async () => {
    db = await engine.open();
    for (const name of ['a', 'b']) await insertTenant(db, name);
  });

  test('a destination is kept as it was given, for its organization alone', async () => {
    const tables = destinationTables(db).destinations;
    const { max: _max, ...kept } = given('dst_1');
    const made = await tables.insertDestination('org_a', given('dst_1'));
    expect(made).toEqual({ ...kept, organizationId: 'org_a', lastDelivery: undefined });
    expect(await tables.listDestinations('org_a', {})).toEqual([made]);
    expect(await tables.listDestinations('org_b', {})).toEqual([]);
    expect(await tables.updateDestination('org_b', { id: 'dst_1', name: 'theirs' })).toBeUndefined();
    expect(await tables.deleteDestination('org_b', { id: 'dst_1' })).toBeUndefined();
    await tables.noteDelivery('org_b', { id: 'dst_1', atMs: AT_MS, error: 'theirs' });
    expect(await tables.listDestinations('org_a', { ids: ['dst_1', 'dst_none'] })).toEqual([made]);
  });

  test('an organization has so many and no more, each of its own name', async () => {
    const tables = destinationTables(db).destinations;
    await tables.insertDestination('org_b', given('dst_2', 'ops'));
    await expect(tables.insertDestination('org_b', given('dst_3', 'ops'))).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await tables.insertDestination('org_b', { ...given('dst_4'), max: 1 })).toBeUndefined();
  });

  test('a change leaves what it does not name, and the newest delivery is the one remembered', async () => {
    const tables = destinationTables(db).destinations;
    await tables.insertDestination('org_a', given('dst_5'));
    const address = { sealed: Buffer.from([9]), target: 'https://other.example.com' };
    await tables.updateDestination('org_a', { id: 'dst_5', budgetNotices: true });
    const changed = await tables.updateDestination('org_a', { id: 'dst_5', address });
    expect(changed).toMatchObject({ name: 'dst_5', budgetNotices: true, ...address });
    await tables.noteDelivery('org_a', { id: 'dst_5', atMs: AT_MS + 5, error: undefined });
    await tables.noteDelivery('org_a', { id: 'dst_5', atMs: AT_MS, error: 'It was late.' });
    const [found, ...rest] = await tables.listDestinations('org_a', { withBudgetNotices: true });
    expect(rest).toEqual([]);
    expect(found?.lastDelivery).toEqual({ atMs: AT_MS + 5, error: undefined });
    expect(await tables.deleteDestination('org_a', { id: 'dst_5' })).toEqual(found);
  });
});
