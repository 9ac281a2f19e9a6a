import { beforeAll, expect, test } from 'vitest';
import { describeOnEveryPostgres } from '../../test/postgres-engines.ts';
import { insertTenant } from '../../test/tenants.ts';
import type { Postgres } from './open-postgres.ts';
import { chargeProviderObject } from './queries/charge-provider-object.ts';
import { deleteProviderObject } from './queries/delete-provider-object.ts';
import { findProviderFiles } from './queries/find-provider-files.ts';
import { findProviderObject } from './queries/find-provider-object.ts';
import { listProviderObjects } from './queries/list-provider-objects.ts';
import { upsertProviderObject } from './queries/upsert-provider-object.ts';

const kind = 'file' as const;
const file = (id: string, changes: object = {}) => ({
  organizationId: 'org_a',
  providerId: 'openai',
  id,
  kind,
  purpose: 'batch',
  createdAtMs: Date.UTC(2026, 4, 1),
  sealed: Buffer.from(id),
  ...changes,
});

describeOnEveryPostgres('objects at providers', (engine) => {
  let db: Postgres;
  beforeAll(async () => {
    db = await engine.open();
    for (const name of ['a', 'b']) await insertTenant(db, name);
  });

  test('an object belongs to the project that brought it, and to no other for ever', async () => {
    expect(await upsertProviderObject(db)('proj_a', file('file-1'))).toBe(true);
    const other = file('file-1', { organizationId: 'org_b', sealed: Buffer.from('stolen') });
    expect(await upsertProviderObject(db)('proj_b', other)).toBe(false);
    expect(await findProviderObject(db)('proj_b', { id: 'file-1', kind })).toBeUndefined();
    expect(await findProviderObject(db)('proj_a', { id: 'file-1', kind: 'batch' })).toBeUndefined();
    expect(await findProviderObject(db)('proj_a', { id: 'file-1', kind })).toMatchObject({
      providerId: 'openai',
      sealed: Buffer.from('file-1'),
    });
    await deleteProviderObject(db)('proj_b', { id: 'file-1', kind });
    expect(await findProviderFiles(db)('proj_a', { ids: ['file-1', 'file-2'] })).toEqual([
      { id: 'file-1', providerId: 'openai' },
    ]);
    expect(await findProviderFiles(db)('proj_b', { ids: ['file-1'] })).toEqual([]);
  });

  test('what is new about an object replaces what was known', async () => {
    const changed = file('file-1', { sealed: Buffer.from('newer') });
    expect(await upsertProviderObject(db)('proj_a', changed)).toBe(true);
    expect(await findProviderObject(db)('proj_a', { id: 'file-1', kind })).toMatchObject({
      sealed: Buffer.from('newer'),
    });
  });

  test('an object is charged once, whoever asks first', async () => {
    const charge = { id: 'file-1', kind, atMs: 1 };
    expect(await chargeProviderObject(db)('proj_b', charge)).toBe(false);
    const asked = await Promise.all([1, 2, 3].map(() => chargeProviderObject(db)('proj_a', charge)));
    expect(asked.filter(Boolean)).toHaveLength(1);
  });

  test('a list has its project’s objects, in either order, page by page', async () => {
    for (const [at, id] of ['x1', 'x2', 'x3'].entries())
      await upsertProviderObject(db)(
        'proj_b',
        file(id, { organizationId: 'org_b', createdAtMs: Date.UTC(2026, 4, 2 + at) }),
      );
    const search = { kind, purpose: undefined, after: undefined, limit: 10, order: 'desc' as const };
    const ids = async (changes: object, project = 'proj_b') =>
      (await listProviderObjects(db)(project, { ...search, ...changes })).map(({ id }) => id);
    expect(await ids({})).toEqual(['x3', 'x2', 'x1']);
    expect(await ids({ order: 'asc' })).toEqual(['x1', 'x2', 'x3']);
    expect(await ids({ after: 'x3', limit: 1 })).toEqual(['x2']);
    expect(await ids({ after: 'x1', order: 'asc' })).toEqual(['x2', 'x3']);
    expect(await ids({ after: 'file-1' })).toEqual([]);
    expect(await ids({ purpose: 'vision' })).toEqual([]);
    expect(await ids({}, 'proj_a')).toEqual(['file-1']);
    await deleteProviderObject(db)('proj_b', { id: 'x2', kind });
    expect(await ids({})).toEqual(['x3', 'x1']);
  });
});
