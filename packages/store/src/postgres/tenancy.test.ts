import { beforeAll, expect, test } from 'vitest';
import { describeOnEveryPostgres } from '../../test/postgres-engines.ts';
import { insertTenant } from '../../test/tenants.ts';
import type { Postgres } from './open-postgres.ts';
import { findInstallationSecret } from './queries/find-installation-secret.ts';
import { findOrganization } from './queries/find-organization.ts';
import { findUserByEmail } from './queries/find-user-by-email.ts';
import { insertOwnedOrganization } from './queries/insert-owned-organization.ts';
import { listInstallationSecrets } from './queries/list-installation-secrets.ts';
import { listOrganizations } from './queries/list-organizations.ts';
import { listOrganizationsOfUser } from './queries/list-organizations-of-user.ts';
import { listProjects } from './queries/list-projects.ts';
import { promoteInstallationSecrets } from './queries/promote-installation-secrets.ts';
import { updateOrganization } from './queries/update-organization.ts';
import { updateProject } from './queries/update-project.ts';
import { upsertInstallationSecrets } from './queries/upsert-installation-secrets.ts';

const nowMs = Date.UTC(2026, 4, 1);

describeOnEveryPostgres('organizations, their projects and the rotation of shared secrets', (engine) => {
  let db: Postgres;
  beforeAll(async () => {
    db = await engine.open();
    for (const name of ['a', 'b']) await insertTenant(db, name);
  });

  const made = { id: 'org_made', slug: 'made', name: 'Made', zone: 'Asia/Tokyo', createdAtMs: nowMs };

  test('an organization and its owner are made both or neither', async () => {
    const outcomes = await Promise.all(
      ['user_1', 'user_2'].map((ownerId) => insertOwnedOrganization(db)({ ...made, ownerId })),
    );
    expect(outcomes.toSorted()).toEqual([false, true]);
    const owners = await Promise.all(['user_1', 'user_2'].map((id) => listOrganizationsOfUser(db)(id)));
    expect(owners.flat()).toMatchObject([{ ...made, role: 'owner' }]);
  });

  test('a name or a zone is changed in one organization, and what is not given stays', async () => {
    expect(await updateOrganization(db)('org_a', { zone: 'Europe/Berlin' })).toMatchObject({
      name: 'a',
      zone: 'Europe/Berlin',
    });
    expect(await updateOrganization(db)('org_a', { name: 'A' })).toMatchObject({
      name: 'A',
      zone: 'Europe/Berlin',
    });
    expect(await updateOrganization(db)('org_none', { name: 'A' })).toBeUndefined();
    expect(await findOrganization(db)({ name: 'org_b' })).toMatchObject({ name: 'b', zone: 'UTC' });
    expect((await listOrganizations(db)()).map(({ id }) => id).toSorted()).toEqual([
      'org_a',
      'org_b',
      'org_made',
    ]);
  });

  test('projects are listed and changed within their own organization alone', async () => {
    expect(await listProjects(db)('org_a')).toMatchObject([{ id: 'proj_a', organizationId: 'org_a' }]);
    expect(await listProjects(db)("' or '1'='1")).toEqual([]);
    expect(await updateProject(db)('proj_a', { capture: 'metadata' })).toMatchObject({ capture: 'metadata' });
    expect(await listProjects(db)('org_b')).toMatchObject([{ id: 'proj_b', capture: 'full' }]);
    expect(await updateProject(db)('proj_none', { name: 'X' })).toBeUndefined();
  });

  test('an account is found by its address, however that is written', async () => {
    await db.rows('create table if not exists auth."user" (id text primary key, email text)', []);
    await db.rows(`insert into auth."user" (id, email) values ('user_1', 'Ada@Example.com')`, []);
    expect(await findUserByEmail(db)({ email: 'ada@example.COM' })).toEqual({ id: 'user_1' });
    expect(await findUserByEmail(db)({ email: '%' })).toBeUndefined();
  });

  test('secrets that wait under another master key take their places all at once, and others stay', async () => {
    const rows = ['one', 'one.next', 'two', 'two.next', 'three'].map((name) => ({
      name,
      sealed: Buffer.from(name),
      updatedAtMs: nowMs,
    }));
    await upsertInstallationSecrets(db)(rows);
    await promoteInstallationSecrets(db)();
    expect(
      (await listInstallationSecrets(db)()).map(({ name, sealed }) => [name, sealed.toString()]),
    ).toEqual([
      ['one', 'one.next'],
      ['three', 'three'],
      ['two', 'two.next'],
    ]);
    await promoteInstallationSecrets(db)();
    expect((await findInstallationSecret(db)({ name: 'one' }))?.toString()).toBe('one.next');
  });
});
