import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestTeam, type TestTeam } from '../../test/open-test-team.ts';
import { readStore } from './read-store.ts';

let team: TestTeam;
beforeAll(async () => {
  team = await openTestTeam();
  for (const name of ['olga', 'mia']) await team.addPerson(name);
  await team.addOrganization('acme', ['chat']);
  await team.join('olga', 'owner', 'acme');
  await team.join('mia', 'member', 'acme');
}, 60_000);
afterAll(() => team.close());

test('people are known with their role, their last activity, and what their organization asks for', async () => {
  const atMs = team.nowMs() - 5_000;
  await team.test.store.members.touchMemberActivity([
    { organizationId: 'org_acme', userId: 'user_mia', atMs },
  ]);
  await team.ask('olga', 'PATCH /organizations/acme/sign-in-policy', { stale_days: 30 });
  await team.test.store.passkeys.insertPasskey('user_olga', {
    ...{
      id: 'pk_1',
      name: 'key',
      credentialId: 'c',
      publicKey: Buffer.from([1]),
      counter: 0,
      transports: [],
    },
    createdAtMs: 0,
    max: 9,
  });
  const { people, hasOwner, projectsWithoutBudget, alerting } = await readStore(
    team.test.store,
    team.nowMs(),
  );
  expect(people).toMatchObject([
    { organization: 'acme', email: 'olga@example.com', role: 'owner', hasTwoFactor: true, staleDays: 30 },
    { email: 'mia@example.com', role: 'member', hasTwoFactor: false, lastActiveAtMs: atMs },
  ]);
  expect(hasOwner).toBe(true);
  expect(projectsWithoutBudget).toContain('acme/chat');
  expect(alerting).toContainEqual({ organization: 'acme', destinations: 0, failing: [], alerts: 0 });
});

test('a store that does not answer leaves everything unknown', async () => {
  const away = () => Promise.reject(new Error('away'));
  const { security, tenants, limitUsage } = team.test.store;
  const store = {
    security: Object.assign({}, security, {
      listLiveKeys: away,
      listPeople: away,
      listProjectsWithoutBudget: away,
      listAlerting: away,
    }),
    tenants: { ...tenants, countOwners: away },
    limitUsage: { ...limitUsage, listLiveServers: away },
  };
  const known = await readStore(store, 0);
  expect(Object.values(known).every((value) => value === undefined)).toBe(true);
});
