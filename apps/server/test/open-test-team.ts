import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { AuditEntry, NewAuditEvent } from '../src/audit/audit.ts';
import { createApp } from '../src/http/create-app.ts';
import type { SessionUser } from '../src/identity/create-find-session.ts';
import type { Mail } from '../src/mail/mailer.ts';
import { createMayJoin, type Joins } from '../src/members/create-may-join.ts';
import { createAccess } from '../src/routes/api/create-access.ts';
import { invitationOperations } from '../src/routes/api/invitations/invitation-operations.ts';
import { memberOperations } from '../src/routes/api/members/member-operations.ts';
import { organizationOperations } from '../src/routes/api/organizations/organization-operations.ts';
import { projectOperations } from '../src/routes/api/projects/project-operations.ts';
import { registerOperations } from '../src/routes/api/register-operations.ts';
import { getSession } from '../src/routes/api/session/get-session.ts';
import { signInPolicyOperations } from '../src/routes/api/sign-in-policy/sign-in-policy-operations.ts';
import type { MemberManagement } from '../src/start/open-members.ts';
import { openTenancy } from '../src/tenancy/open-tenancy.ts';
import { createTestMembers } from './create-test-members.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
/** How somebody came in; by password and without a second factor unless it says otherwise. */
type Came = { method?: string; twoFactor?: boolean };
/** Who asks: a name, or a name and how they came; nobody where it is empty. */
type Asker = string | ({ name: string } & Came);
// biome-ignore lint/suspicious/noExplicitAny: what a test reads of an answer is checked by what it expects.
type TeamAnswer = { status: number; code: string; message: string; body: any };

export type TestTeam = {
  test: TestStore;
  app: FastifyInstance;
  management: MemberManagement;
  joins: Joins;
  mails: Mail[];
  written: (NewAuditEvent & { outcome: string })[];
  refused: { code: string; route: string }[];
  active: string[];
  internalErrors: unknown[];
  nowMs: () => number;
  advance(byMs: number): void;
  /** An account `user_<name>` with the address `<name>@example.com`. */
  addPerson(name: string): Promise<string>;
  addOrganization(slug: string, projects: readonly string[]): Promise<void>;
  join(name: string, role: string, organization?: string): Promise<unknown>;
  joinProject(name: string, role: string, project: string): Promise<unknown>;
  ask(asker: Asker, route: string, payload?: object): Promise<TeamAnswer>;
  close(): Promise<void>;
};

const url = 'http://127.0.0.1:4000';

/** The part of the management API that is about people, on a real PostgreSQL, with sessions that tests make up. */
export async function openTestTeam(): Promise<TestTeam> {
  const test = await openTestStore();
  const { store } = test;
  const sql = await openSql(test);
  let movedMs = 0;
  const nowMs = () => Date.UTC(2026, 5, 1) + movedMs;
  const ids = { nowMs, randomBytes };
  const mails: Mail[] = [];
  const written: TestTeam['written'] = [];
  const refused: TestTeam['refused'] = [];
  const active: string[] = [];
  const internalErrors: unknown[] = [];
  const people = new Map<string, string>();
  const createNew = async ({ name, email }: { name: string; email: string }) => {
    const id = `user_${name}`;
    const [row] = await sql<{ id: string }>(
      'insert into auth."user" values ($1, $2, $3) on conflict do nothing returning id',
      [id, name, email],
    );
    if (row !== undefined) people.set(id, email);
    return row?.id;
  };
  const management = createTestMembers({ store, accounts: { createNew }, ids, url }, { mails });
  const access = createAccess({
    findPrincipal: () => undefined,
    digest: (text) => text,
    findSession: async ({ cookie }) => {
      if (typeof cookie !== 'string') return undefined;
      const { id, ...came }: Came & { id: string } = JSON.parse(Buffer.from(cookie, 'base64url').toString());
      const email = people.get(id);
      if (email === undefined) return undefined;
      const user: SessionUser = { id, name: id, email, sessionId: 's', method: 'password', twoFactor: false };
      return { user: { ...user, ...came }, setCookies: [] };
    },
    tenants: store.tenants,
    site: { publicOrigin: undefined, mode: 'development' },
    nowMs,
    noteUse: () => undefined,
    noteActivity: (organizationId, userId) => active.push(`${organizationId} ${userId}`),
  });
  const entry = (begun: NewAuditEvent): AuditEntry => ({
    done: async (event) => void written.push({ ...event, outcome: 'done' }),
    failed: async (reason) => void written.push({ ...begun, outcome: `failed: ${reason}` }),
  });
  const audit = {
    begin: async (event: NewAuditEvent) => entry(event),
    record: async (event: NewAuditEvent) => void written.push({ ...event, outcome: 'done' }),
    noteRefusal: ({ code, route }: { code: string; route: string }) => void refused.push({ code, route }),
    close: async () => undefined,
  };
  const defaults = { capture: 'full', organizations_created_by: 'owners' } as const;
  const tenancy = openTenancy({ config: { file: { defaults } }, store, ids });
  const operations = [
    getSession(store.tenants),
    ...memberOperations(management),
    ...invitationOperations({ ...management, enterSession: access.enterSession }),
    ...signInPolicyOperations(management.signInPolicies),
    ...organizationOperations({ tenancy, tenants: store.tenants }),
    ...projectOperations(tenancy),
  ];
  const app = await createApp({
    ids,
    onInternalError: (error) => internalErrors.push(error),
    plugins: [registerOperations({ operations, access, audit, checksOutput: true })],
  });
  const { tenants, members } = store;
  return {
    test,
    app,
    management,
    joins: createMayJoin({ members, audit, nowMs }),
    mails,
    written,
    refused,
    active,
    internalErrors,
    nowMs,
    advance: (byMs) => {
      movedMs += byMs;
    },
    addPerson: async (name) => (await createNew({ name, email: `${name}@example.com` })) ?? '',
    addOrganization: async (slug, projects) => {
      const made = { id: `org_${slug}`, slug, name: slug, createdAtMs: nowMs() };
      await tenants.insertOrganization(made);
      for (const project of projects) {
        const row = { id: `proj_${project}`, slug: project, name: project, capture: 'full' as const };
        await tenants.insertProject(made.id, { ...row, createdAtMs: nowMs() });
      }
    },
    join: (name, role, organization = 'acme') =>
      tenants.insertMembership(`org_${organization}`, { userId: `user_${name}`, role, createdAtMs: nowMs() }),
    joinProject: async (name, role, project) => {
      const found = await tenants.findProject(`proj_${project}`);
      const organizationId = found?.organizationId ?? '';
      const row = { organizationId, userId: `user_${name}`, role, createdAtMs: nowMs() };
      return members.alone(organizationId, (locked) =>
        locked.upsertProjectMembership(`proj_${project}`, row),
      );
    },
    ask: (asker, route, payload) => ask(app, { asker, route, payload }),
    close: async () => {
      await app.close();
      await sql.end();
      await test.close();
    },
  };
}

type Asking = { asker: Asker; route: string; payload: object | undefined };

async function ask(app: FastifyInstance, { asker, route, payload }: Asking): Promise<TeamAnswer> {
  const { name, ...came } = typeof asker === 'string' ? { name: asker } : asker;
  const [method = '', path = ''] = route.split(' ');
  const cookie = Buffer.from(JSON.stringify({ id: `user_${name}`, ...came })).toString('base64url');
  const reply = await app.inject({
    method: method as Method,
    url: `/api/v1${path}`,
    headers: { host: '127.0.0.1:4000', origin: url, ...(name === '' ? {} : { cookie }) },
    ...(payload === undefined ? {} : { payload }),
  });
  const body = reply.json();
  return { status: reply.statusCode, code: body.error?.code ?? '', message: body.error?.message ?? '', body };
}

/** The sign-in library's table of accounts, as far as our queries read it. */
async function openSql({ store }: TestStore) {
  const pool = store.openAuthPool();
  const run = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await pool.query<Row>(text, values)).rows;
  await run('create table "user" (id text primary key, name text not null, email text not null unique)');
  return Object.assign(run, { end: () => pool.end() });
}
