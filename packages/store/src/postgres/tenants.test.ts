import { beforeAll, expect, test } from 'vitest';
import { describeOnEveryPostgres } from '../../test/postgres-engines.ts';
import { insertTenant } from '../../test/tenants.ts';
import type { Postgres } from './open-postgres.ts';
import { consumeSetupLink } from './queries/consume-setup-link.ts';
import { countOwners } from './queries/count-owners.ts';
import { countUsers } from './queries/count-users.ts';
import { findInstallationSecret } from './queries/find-installation-secret.ts';
import { findMembership } from './queries/find-membership.ts';
import { findOrganizationBySlug } from './queries/find-organization-by-slug.ts';
import { findProject } from './queries/find-project.ts';
import { findProjectBySlug } from './queries/find-project-by-slug.ts';
import { insertInstallationSecret } from './queries/insert-installation-secret.ts';
import { insertMembership } from './queries/insert-membership.ts';
import { insertOrganization } from './queries/insert-organization.ts';
import { insertProject } from './queries/insert-project.ts';
import { insertSetupLink } from './queries/insert-setup-link.ts';
import { isSetupLinkOpen } from './queries/is-setup-link-open.ts';
import { listProjectsOfUser } from './queries/list-projects-of-user.ts';
import { releaseSetupLink } from './queries/release-setup-link.ts';
import { upsertInstallationSecret } from './queries/upsert-installation-secret.ts';

const nowMs = Date.UTC(2026, 4, 1);

describeOnEveryPostgres('organizations, projects and secrets', (engine) => {
  let db: Postgres;
  beforeAll(async () => {
    db = await engine.open();
    for (const name of ['a', 'b']) await insertTenant(db, name);
  });

  test('a slug or an id is given once, and who comes second is told so', async () => {
    const organization = { id: 'org_c', slug: 'c', name: 'C', createdAtMs: nowMs };
    expect(
      await Promise.all([insertOrganization(db)(organization), insertOrganization(db)(organization)]),
    ).toContain(false);
    expect(await findOrganizationBySlug(db)({ slug: 'c' })).toEqual({ id: 'org_c', slug: 'c', name: 'C' });
    const project = {
      id: 'proj_c',
      slug: 'default',
      name: 'C',
      capture: 'full',
      createdAtMs: nowMs,
    } as const;
    expect(await insertProject(db)('org_c', project)).toBe(true);
    expect(await insertProject(db)('org_c', { ...project, id: 'proj_other' })).toBe(false);
    expect(await insertProject(db)('org_a', project)).toBe(false);
  });

  test('a project is found by its slug within its organization alone', async () => {
    expect(await findProjectBySlug(db)('org_a', { slug: 'default' })).toMatchObject({ id: 'proj_a' });
    expect(await findProjectBySlug(db)('org_b', { slug: 'default' })).toMatchObject({ id: 'proj_b' });
    expect(await findProjectBySlug(db)('org_none', { slug: 'default' })).toBeUndefined();
    expect(await findProjectBySlug(db)('org_a', { slug: "' or '1'='1" })).toBeUndefined();
    expect(await findProject(db)('proj_a')).toMatchObject({ organizationId: 'org_a', capture: 'full' });
  });

  test('a user sees the projects of own organizations and no others', async () => {
    expect(await listProjectsOfUser(db)('user_1')).toEqual([]);
    expect(
      await insertMembership(db)('org_a', { userId: 'user_1', role: 'member', createdAtMs: nowMs }),
    ).toBe(true);
    expect(await insertMembership(db)('org_a', { userId: 'user_1', role: 'owner', createdAtMs: nowMs })).toBe(
      false,
    );
    expect(await listProjectsOfUser(db)('user_1')).toEqual([
      {
        id: 'proj_a',
        slug: 'default',
        name: 'a',
        organizationId: 'org_a',
        organization: 'a',
        capture: 'full',
        role: 'member',
        policy: { requiredProvider: undefined, twoFactorRequired: false },
      },
    ]);
    expect(await findMembership(db)('org_a', { userId: 'user_1' })).toEqual({ role: 'member' });
    expect(await findMembership(db)('org_b', { userId: 'user_1' })).toBeUndefined();
    expect(await listProjectsOfUser(db)("' or '1'='1")).toEqual([]);
  });

  test('a set-up link opens once, within its time, and the newest one alone', async () => {
    const link = (digest: string) => ({ digest, createdAtMs: nowMs, expiresAtMs: nowMs + 1_000 });
    const consume = (digest: string, atMs = nowMs) => consumeSetupLink(db)({ digest, nowMs: atMs });
    await insertSetupLink(db)(link('first'));
    await insertSetupLink(db)(link('second'));
    const isOpen = (digest: string, atMs = nowMs) => isSetupLinkOpen(db)({ digest, nowMs: atMs });
    expect([await isOpen('first'), await isOpen('second'), await isOpen('second', nowMs + 1_000)]).toEqual([
      ...[false, true, false],
    ]);
    expect(await consume('first')).toBe(false);
    expect(await consume('second', nowMs + 1_000)).toBe(false);
    expect(await consume("' or '1'='1")).toBe(false);
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => consume('second')));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect(await isOpen('second')).toBe(false);
    await releaseSetupLink(db)({ digest: 'second' });
    expect(await consume('second')).toBe(true);
  });

  test('a set-up link opens nothing once the installation has an owner', async () => {
    const empty = await engine.open();
    await insertTenant(empty, 'a');
    await insertSetupLink(empty)({ digest: 'late', createdAtMs: nowMs, expiresAtMs: nowMs + 1_000 });
    expect(await countOwners(empty)()).toBe(0);
    await insertMembership(empty)('org_a', { userId: 'user_1', role: 'owner', createdAtMs: nowMs });
    expect(await countOwners(empty)()).toBe(1);
    expect(await consumeSetupLink(empty)({ digest: 'late', nowMs })).toBe(false);
    expect(await isSetupLinkOpen(empty)({ digest: 'late', nowMs })).toBe(false);
  });

  test('two servers that start at once keep the same secret', async () => {
    const offers = [Buffer.from([0, 1, 255]), Buffer.from([2])];
    const kept = await Promise.all(
      offers.map((sealed) => insertInstallationSecret(db)({ name: 'pepper', sealed, updatedAtMs: nowMs })),
    );
    expect(kept[0]?.equals(kept[1] ?? Buffer.alloc(0))).toBe(true);
    expect(await findInstallationSecret(db)({ name: 'pepper' })).toEqual(kept[0]);
    await upsertInstallationSecret(db)({ name: 'pepper', sealed: Buffer.from([9]), updatedAtMs: nowMs });
    expect(await findInstallationSecret(db)({ name: 'pepper' })).toEqual(Buffer.from([9]));
    expect(await findInstallationSecret(db)({ name: 'none' })).toBeUndefined();
  });

  test('accounts are counted in the schema of the sign-in library', async () => {
    await db.rows('create table auth."user" (id text primary key)', []);
    await db.rows(`insert into auth."user" values ('one'), ('two')`, []);
    expect(await countUsers(db)()).toBe(2);
  });
});
