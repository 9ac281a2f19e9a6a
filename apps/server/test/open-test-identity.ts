import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { NewAuditEvent } from '../src/audit/audit.ts';
import { createApp } from '../src/http/create-app.ts';
import type { Site } from '../src/identity/site.ts';
import { newId } from '../src/ids.ts';
import { accountOperations } from '../src/routes/api/account/account-operations.ts';
import { createAccess } from '../src/routes/api/create-access.ts';
import { registerOperations } from '../src/routes/api/register-operations.ts';
import { getSession } from '../src/routes/api/session/get-session.ts';
import { openTenancy } from '../src/tenancy/open-tenancy.ts';
import { type Browser, openBrowser } from './browser.ts';
import { createTestIdentity, type TestIdentity, type TestIdentityOptions } from './create-test-identity.ts';
import { createMemoryMailer } from './memory-mailer.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { silentAudit } from './silent-audit.ts';

type RecordedEvent = NewAuditEvent & { outcome?: string; reason?: string };

export type OpenIdentity = {
  app: FastifyInstance;
  identity: TestIdentity;
  test: TestStore;
  mailer: ReturnType<typeof createMemoryMailer>;
  /** What was written down, oldest first. */
  events: RecordedEvent[];
  warnings: string[];
  internalErrors: unknown[];
  /** Moves our own clock; the sign-in library has the machine's. */
  advance(byMs: number): void;
  /** Makes an account with a password that belongs to an organization of its own. */
  makePerson(email: string, password?: string): Promise<{ userId: string; organizationId: string }>;
  /** A browser that signed in as somebody with a password. */
  signIn(email: string, password?: string): Promise<Browser>;
  openBrowser(): Browser;
  close(): Promise<void>;
};

export const PASSWORD = 'correct horse battery';

export type OpenIdentityOptions = Omit<TestIdentityOptions, 'audit' | 'onWarning'> & { url?: string };

/** The sign-in routes and the account's operations behind the real HTTP edge, on a database of their own. */
export async function openTestIdentity(options: OpenIdentityOptions = {}): Promise<OpenIdentity> {
  const test = await openTestStore();
  const { store } = test;
  let movedMs = 0;
  const nowMs = () => Date.now() + movedMs;
  const ids = { nowMs, randomBytes };
  const url = options.url ?? 'http://localhost:4000';
  const site: Site = { publicOrigin: url, mode: 'production' };
  const events: RecordedEvent[] = [];
  const warnings: string[] = [];
  const internalErrors: unknown[] = [];
  const mailer = createMemoryMailer();
  const audit = { ...silentAudit, record: async (event: RecordedEvent) => void events.push(event) };
  const digest = (text: string) =>
    Buffer.from(`keyed ${text}`).toString('base64url').split('').reverse().join('');
  const identity = await createTestIdentity(
    { store, secret: randomBytes(32).toString('base64url'), url, site, digest, ids },
    { mailer, ...options, audit, onWarning: (message) => warnings.push(message) },
  );
  const access = createAccess({
    ...{ digest, site, nowMs, tenants: store.tenants, findSession: identity.signIn.findSession },
    findPrincipal: () => undefined,
    noteUse: () => undefined,
    noteActivity: () => undefined,
  });
  const app = await createApp({
    ids,
    onInternalError: (error) => internalErrors.push(error),
    plugins: [
      registerOperations({
        operations: [getSession(store.tenants), ...accountOperations(identity.operations)],
        access,
        audit,
        checksOutput: true,
      }),
      identity.routes,
    ],
  });
  const defaults = { capture: 'full', organizations_created_by: 'owners' } as const;
  const tenancy = openTenancy({ config: { file: { defaults } }, store, ids });
  const browse = () => openBrowser(app, new URL(url).host);
  return {
    ...{ app, identity, test, mailer, events, warnings, internalErrors },
    advance: (byMs) => {
      movedMs += byMs;
    },
    makePerson: async (email, password = PASSWORD) => {
      const userId = await identity.signIn.accounts.create({
        name: email.split('@')[0] ?? '',
        email,
        password,
      });
      const name = `Of ${newId('x_', ids)}`;
      const { id: organizationId } = await tenancy.create({ name }, userId);
      return { userId, organizationId };
    },
    signIn: async (email, password = PASSWORD) => {
      const browser = browse();
      const reply = await browser.post('/api/auth/sign-in/email', { email, password });
      if (reply.statusCode !== 200) throw new Error(`not signed in: ${reply.body}`);
      return browser;
    },
    openBrowser: browse,
    close: async () => {
      await app.close();
      await identity.close();
      await test.close();
    },
  };
}
