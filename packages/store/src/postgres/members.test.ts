import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAccountsTable, insertAccount } from '../../test/accounts.ts';
import { describeOnEveryPostgres } from '../../test/postgres-engines.ts';
import { insertTenant, keyOf } from '../../test/tenants.ts';
import { memberTables } from './member-tables.ts';
import type { Postgres } from './open-postgres.ts';
import { findOrganizationOfUser } from './queries/find-organization-of-user.ts';
import { insertKey } from './queries/insert-key.ts';
import { insertMembership } from './queries/insert-membership.ts';
import { insertProject } from './queries/insert-project.ts';
import { listNamedProjectsOfUser } from './queries/list-named-projects-of-user.ts';
import { listOrganizationsOfUser } from './queries/list-organizations-of-user.ts';
import { listProjectsOfUser } from './queries/list-projects-of-user.ts';

const nowMs = Date.UTC(2026, 4, 1);
const dayMs = 86_400_000;
const everyMs = 30 * dayMs;

describeOnEveryPostgres('members', (engine) => {
  let db: Postgres;
  let members: ReturnType<typeof memberTables>['members'];
  beforeAll(async () => {
    db = await engine.open();
    await createAccountsTable(db);
    for (const name of ['a', 'b']) await insertTenant(db, name);
    for (const name of ['ada', 'ben', 'cy', 'dee']) await insertAccount(db, name, name === 'ada');
    members = memberTables(db).members;
  });
  beforeEach(async () => {
    // Emptied without the trigger that keeps an owner, which this is not about.
    await db.rows('truncate memberships, project_memberships, member_activity, removed_members', []);
    await db.rows('truncate sign_in_policies, sign_in_domains, invitations', []);
  });

  const join = (name: string, role: string, { in: organizationId = 'org_a', atMs = nowMs } = {}) =>
    insertMembership(db)(organizationId, { userId: `user_${name}`, role, createdAtMs: atMs });
  const joinProject = (name: string, role: string, projectId = 'proj_a') =>
    members.alone('org_a', (locked) =>
      locked.upsertProjectMembership(projectId, {
        organizationId: 'org_a',
        userId: `user_${name}`,
        role,
        createdAtMs: nowMs,
      }),
    );
  const change = (name: string, role: string) =>
    members.alone('org_a', (locked) =>
      locked.upsertMembership('org_a', { userId: `user_${name}`, role, createdAtMs: nowMs }),
    );
  const remove = (name: string) =>
    members.alone('org_a', (locked) =>
      locked.deleteMember('org_a', { userId: `user_${name}`, email: `${name}@example.com`, nowMs }),
    );
  const ownersOf = async () =>
    (await members.listMembers('org_a', { limit: 10 })).filter(({ role }) => role === 'owner');

  describe('the last owner', () => {
    test('is neither changed nor removed, whatever statement tries', async () => {
      await join('ada', 'owner');
      await join('ben', 'admin');
      const refused = { code: 'conflict' };
      await expect(change('ada', 'admin')).rejects.toMatchObject(refused);
      await expect(remove('ada')).rejects.toMatchObject(refused);
      await expect(db.rows('delete from memberships', [])).rejects.toMatchObject(refused);
      await expect(db.rows(`update memberships set role = 'member'`, [])).rejects.toMatchObject(refused);
      await expect(
        db.rows(`update memberships set organization_id = 'org_b' where role = 'owner'`, []),
      ).rejects.toMatchObject(refused);
      expect(await ownersOf()).toMatchObject([{ userId: 'user_ada' }]);
    });

    test('of two owners who demote each other at once, one stays', async () => {
      await join('ada', 'owner');
      await join('ben', 'owner');
      const outcomes = await Promise.allSettled([change('ada', 'member'), change('ben', 'member')]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(await ownersOf()).toHaveLength(1);
    });

    test('is there after any changes at once, also where nobody took the lock first', async () => {
      const people = ['ada', 'ben', 'cy', 'dee'] as const;
      const step = fc.record({
        who: fc.constantFrom(...people),
        what: fc.constantFrom('owner', 'admin', 'member', 'gone'),
        isBare: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
          await db.rows('truncate memberships, removed_members', []);
          for (const name of people) await join(name, name === 'dee' ? 'admin' : 'owner');
          const bare = (who: string, what: string) =>
            what === 'gone'
              ? db.rows('delete from memberships where user_id = $1', [`user_${who}`])
              : db.rows('update memberships set role = $2 where user_id = $1', [`user_${who}`, what]);
          const taken = steps.map(({ who, what, isBare }): Promise<unknown> => {
            if (isBare) return bare(who, what);
            return what === 'gone' ? remove(who) : change(who, what);
          });
          await Promise.allSettled(taken);
          expect((await ownersOf()).length).toBeGreaterThan(0);
        }),
        { seed: 5, numRuns: 25 },
      );
    });
  });

  test('somebody is a member by the organization, by single projects, or both', async () => {
    await join('ada', 'owner');
    await joinProject('ada', 'member');
    await joinProject('ben', 'admin');
    await join('cy', 'owner', { in: 'org_b' });
    expect(await members.listMembers('org_a', { limit: 10 })).toEqual([
      {
        userId: 'user_ada',
        name: 'ada',
        email: 'ada@example.com',
        role: 'owner',
        projects: [{ projectId: 'proj_a', name: 'a', role: 'member' }],
        joinedAtMs: nowMs,
        lastActiveAtMs: undefined,
        hasTwoFactor: true,
      },
      {
        userId: 'user_ben',
        name: 'ben',
        email: 'ben@example.com',
        role: undefined,
        projects: [{ projectId: 'proj_a', name: 'a', role: 'admin' }],
        joinedAtMs: nowMs,
        lastActiveAtMs: undefined,
        hasTwoFactor: false,
      },
    ]);
    const after = await members.listMembers('org_a', { after: 'ada@example.com', limit: 1 });
    expect(after.map(({ userId }) => userId)).toEqual(['user_ben']);
    expect(await members.findMember('org_a', { userId: 'user_cy' })).toBeUndefined();
    expect(await members.findMemberByEmail('org_a', { email: 'BEN@example.com' })).toMatchObject({
      userId: 'user_ben',
    });
    expect(await members.findMemberByEmail('org_a', { email: '%' })).toBeUndefined();
    const counts = await members.alone('org_a', (locked) =>
      locked.countMembers('org_a', { userId: 'user_ben' }),
    );
    expect(counts).toEqual({ total: 2, otherOwners: 1 });
  });

  test('what somebody may do in a project is the stronger of two roles', async () => {
    const roleOf = async (name: string) =>
      (await listNamedProjectsOfUser(db)(`user_${name}`, { name: 'proj_a' })).map(({ role }) => role);
    await join('ada', 'member');
    await joinProject('ada', 'admin');
    await join('ben', 'owner');
    await joinProject('ben', 'member');
    await joinProject('cy', 'owner');
    expect(await roleOf('ada')).toEqual(['admin']);
    expect(await roleOf('ben')).toEqual(['owner']);
    expect(await roleOf('cy')).toEqual(['owner']);
    expect(await roleOf('dee')).toEqual([]);
  });

  test('who belongs to one project sees that one, and of the organization nothing but its name', async () => {
    const other = {
      id: 'proj_a2',
      slug: 'second',
      name: 'second',
      capture: 'full',
      createdAtMs: nowMs,
    } as const;
    await insertProject(db)('org_a', other);
    await joinProject('ben', 'member', 'proj_a2');
    expect((await listProjectsOfUser(db)('user_ben')).map(({ id }) => id)).toEqual(['proj_a2']);
    expect(await listNamedProjectsOfUser(db)('user_ben', { name: 'default' })).toEqual([]);
    expect(await listOrganizationsOfUser(db)('user_ben')).toMatchObject([{ id: 'org_a', role: 'none' }]);
    expect(await findOrganizationOfUser(db)('user_ben', { name: 'a' })).toMatchObject({ role: 'none' });
    expect(await findOrganizationOfUser(db)('user_ben', { name: 'b' })).toBeUndefined();
    expect(await findOrganizationOfUser(db)("' or '1'='1", { name: 'a' })).toBeUndefined();
  });

  test('a role in a project of another organization cannot be written', async () => {
    await expect(joinProject('ben', 'member', 'proj_b')).rejects.toMatchObject({ code: 'conflict' });
    await expect(joinProject('ben', 'root')).rejects.toMatchObject({ code: 'conflict' });
    await expect(join('ben', 'root')).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a removal takes every role in the organization and its projects, and none elsewhere', async () => {
    await join('ada', 'owner');
    await join('ben', 'admin');
    await joinProject('ben', 'owner');
    await join('ben', 'member', { in: 'org_b' });
    expect(await remove('ben')).toBe(true);
    expect(await remove('ben')).toBe(false);
    expect((await listProjectsOfUser(db)('user_ben')).map(({ id }) => id)).toEqual(['proj_b']);
  });

  test('a time of activity moves forward only, once for many, and only for who belongs there', async () => {
    await join('ada', 'owner');
    await joinProject('ben', 'member');
    const at = (name: string, atMs: number) => ({ organizationId: 'org_a', userId: `user_${name}`, atMs });
    await members.touchMemberActivity([
      at('ada', nowMs + 5),
      at('ada', nowMs + 9),
      at('cy', nowMs),
      at('ben', nowMs),
    ]);
    await members.touchMemberActivity([at('ada', nowMs + 2)]);
    const seen = await members.listMembers('org_a', { limit: 10 });
    expect(seen.map(({ name, lastActiveAtMs }) => [name, lastActiveAtMs])).toEqual([
      ['ada', nowMs + 9],
      ['ben', nowMs],
    ]);
    expect(await db.rows(`select from member_activity where user_id = 'user_cy'`, [])).toEqual([]);
  });

  test('owners are reminded of stale members once in a while, by one of the servers that try', async () => {
    await join('ada', 'owner', { atMs: nowMs - 100 * dayMs });
    await join('ben', 'member', { atMs: nowMs - 100 * dayMs });
    await join('cy', 'member', { atMs: nowMs - 10 * dayMs });
    await join('dee', 'owner', { in: 'org_b' });
    await members.touchMemberActivity([{ organizationId: 'org_a', userId: 'user_ada', atMs: nowMs }]);
    const claim = (atMs: number) => members.claimMemberReminders({ nowMs: atMs, everyMs, limit: 100 });
    const claimed = await Promise.all(Array.from({ length: 6 }, () => claim(nowMs)));
    expect(claimed.flat()).toEqual([
      {
        organizationId: 'org_a',
        organization: 'a',
        staleDays: 90,
        owners: ['ada@example.com'],
        stale: [{ name: 'ben', email: 'ben@example.com', lastActiveAtMs: undefined }],
      },
    ]);
    expect(await claim(nowMs + everyMs - 1)).toEqual([]);
    expect(await claim(nowMs + everyMs)).toHaveLength(1);
    await members.alone('org_a', (locked) =>
      locked.upsertSignInPolicy('org_a', {
        requiredProvider: undefined,
        twoFactorRequired: false,
        staleDays: 90,
        staleReminders: false,
      }),
    );
    expect(await claim(nowMs + 3 * everyMs).then((all) => all.map((each) => each.organizationId))).toEqual([
      'org_b',
    ]);
  });

  test('the keys that somebody made are found while they open something', async () => {
    const made = { createdBy: 'user_ben' };
    await insertKey(db)('proj_a', keyOf('a', 1, made));
    await insertKey(db)('proj_a', keyOf('a', 2, { ...made, expiresAtMs: nowMs }));
    await insertKey(db)('proj_b', keyOf('b', 1, made));
    expect(await members.listKeysMadeBy('org_a', { userId: 'user_ben', nowMs })).toEqual([
      { id: 'key_a_1', name: 'key 1', projectId: 'proj_a' },
    ]);
  });
});
