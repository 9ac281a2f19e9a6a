import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openTestTeam, type TestTeam } from '../../test/open-test-team.ts';
import { runMembersCommand } from './members-command.ts';
import { runSignInPolicyCommand } from './sign-in-policy-command.ts';

let team: TestTeam;
let organizations = 0;
let org = '';
beforeAll(async () => {
  team = await openTestTeam();
  for (const name of ['olga', 'mia', 'zoe']) await team.addPerson(name);
}, 60_000);
beforeEach(async () => {
  organizations += 1;
  org = `acme${organizations}`;
  await team.addOrganization(org, [`chat${organizations}`]);
});
afterAll(async () => {
  expect(team.internalErrors).toEqual([]);
  await team.close();
});

/** Runs a command on the team's database; what it opened must be closed. */
async function run(line: string, command = runMembersCommand) {
  let printed = '';
  let warned = '';
  let open = 0;
  const code = await command(line.split(' '), {
    open: async () => {
      open += 1;
      const close = async () => {
        open -= 1;
      };
      return { store: team.test.store, management: team.management, close };
    },
    print: (text) => {
      printed += text;
    },
    warn: (text) => {
      warned += text;
    },
  });
  expect(open).toBe(0);
  return { code, printed, warned };
}
const policy = (line: string) => run(line, runSignInPolicyCommand);

test('an organization that nobody owns gets an owner, with an account or by a link', async () => {
  expect(await run(`change mia@example.com --role owner --org ${org}`)).toMatchObject({
    code: 0,
    printed: '',
  });
  expect((await team.ask('mia', `GET /organizations/${org}/members`)).status).toBe(200);
  const invited = await run(`invite new${organizations}@example.org --role owner --org ${org}`);
  expect(invited).toMatchObject({ code: 0, printed: expect.stringMatching(/^http\S+#token=[\w-]{43}\n$/) });
  const token = invited.printed.trim().split('#token=')[1];
  const person = { token, name: `new${organizations}`, password: 'correct horse battery' };
  expect((await team.ask('', 'POST /invitations/accept', person)).status).toBe(200);
});

test('members are listed with their roles, and control characters of a name do nothing', async () => {
  await team.join('olga', 'owner', org);
  await team.joinProject('zoe', 'admin', `chat${organizations}`);
  const pool = team.test.store.openAuthPool();
  await pool.query(`update "user" set name = $1 where id = 'user_zoe'`, ['\u001b[31mzoe\nroot']);
  await pool.end();
  const { printed } = await run(`list --org ${org}`);
  expect(printed).toMatch(/^EMAIL +NAME +ROLE +LAST ACTIVE\n/);
  expect(printed).toMatch(/olga@example\.com +olga +owner +never\n/);
  expect(printed).toMatch(/zoe@example\.com +zoe root +admin of chat\d+ +never\n/);
  expect(JSON.parse((await run(`list --org ${org} --json`)).printed)).toMatchObject([
    { role: 'owner' },
    { role: null },
  ]);
});

test('the last owner is neither changed nor removed here either, and an account not deleted', async () => {
  await team.join('olga', 'owner', org);
  await team.join('mia', 'member', org);
  for (const line of ['change olga@example.com --role member', 'remove olga@example.com']) {
    expect(await run(`${line} --org ${org}`)).toMatchObject({
      code: 1,
      warned: expect.stringContaining('owner'),
    });
  }
  const kept = await run(`remove olga@example.com --account --org ${org}`);
  expect(kept).toMatchObject({ code: 1, warned: expect.stringContaining('is the only owner of acme') });
  expect((await team.ask('olga', `GET /organizations/${org}`)).status).toBe(200);
});

test('an account is deleted with its roles everywhere, its sessions and its ways in', async () => {
  const name = `gone${organizations}`;
  const userId = await team.addPerson(name);
  const other = `other${organizations}`;
  await team.addOrganization(other, []);
  for (const place of [org, other]) {
    await team.join('olga', 'owner', place);
    await team.join(name, 'owner', place);
  }
  await withAuth(async (sql) => {
    await sql(`create table if not exists session (id text primary key, "userId" text)`);
    await sql(`create table if not exists account (id text primary key, "userId" text)`);
    for (const table of ['session', 'account'])
      await sql(`insert into ${table} values ('of the deleted', '${userId}'), ('of another', 'user_olga')`);
  });
  expect(await run(`remove ${name}@example.com --account --org ${org}`)).toMatchObject({
    code: 0,
    warned: expect.stringContaining('is deleted'),
  });
  await withAuth(async (sql) => {
    expect((await sql(`select id from "user" where id = '${userId}'`)).rows).toEqual([]);
    for (const table of ['session', 'account'])
      expect((await sql(`select id from ${table}`)).rows).toEqual([{ id: 'of another' }]);
  });
  for (const place of [org, other]) expect((await run(`list --org ${place}`)).printed).not.toContain(name);
});

async function withAuth(work: (sql: (text: string) => Promise<{ rows: object[] }>) => Promise<void>) {
  const pool = team.test.store.openAuthPool();
  try {
    await work((text) => pool.query(text));
  } finally {
    await pool.end();
  }
}

test('what is not there is said with what to do', async () => {
  expect(await run('list --org nowhere')).toMatchObject({
    code: 1,
    warned: expect.stringContaining('orgs list'),
  });
  expect(await run(`remove nobody@example.com --org ${org}`)).toMatchObject({
    code: 1,
    warned: expect.stringContaining('members invite'),
  });
  expect(await run(`invite a@example.org --org ${org}`)).toMatchObject({ code: 2 });
  expect(await run('promote')).toMatchObject({ code: 2, warned: expect.stringContaining('--help') });
});

test('where nobody ever signed in, it is said that a server has to run first', async () => {
  await withAuth((sql) => sql('alter table "user" rename to away').then(() => undefined));
  expect(await run(`list --org ${org}`)).toMatchObject({
    code: 1,
    warned: expect.stringContaining('no server has run'),
  });
  await withAuth((sql) => sql('alter table away rename to "user"').then(() => undefined));
});

test('a policy that keeps everybody out is shown and lifted', async () => {
  const set = { required_provider: 'okta', two_factor_required: true } as const;
  const domains = [{ domain: `${org}.example`, provider: 'okta', role: 'admin' as const }];
  await team.management.signInPolicies.change(`org_${org}`, { ...set, domains }, { kind: 'operator' });
  expect(JSON.parse((await policy(org)).printed)).toMatchObject({ ...set, domains });
  expect(JSON.parse((await policy(`${org} --any`)).printed)).toMatchObject({
    required_provider: null,
    two_factor_required: true,
    domains,
  });
  expect(
    JSON.parse((await policy(`${org} --no-two-factor --remove-domain ${org.toUpperCase()}.example`)).printed),
  ).toMatchObject({
    two_factor_required: false,
    domains: [],
  });
  expect(await policy('nowhere')).toMatchObject({ code: 1 });
  expect(await policy('--any')).toMatchObject({ code: 2 });
  expect(await policy(`${org} --all`)).toMatchObject({ code: 2 });
});
