import { type NewKey, Permission } from '@app/contract';
import { type Browser, openBrowser } from './browser.ts';
import type { WholeServer } from './open-whole-server.ts';
import { waitUntil } from './wait-until.ts';

export type Tenant = { organization: string; project: string };

export type KeyRing = {
  owner: Browser;
  home: Tenant;
  abroad: Tenant;
  /** Live and test keys with one permission and no other. */
  only: Map<string, { permission: Permission; mode: 'live' | 'test'; secret: string }>;
  /** Live keys with every permission but one. */
  allBut: Map<Permission, string>;
  ingest: { live: string; test: string };
  /** What there is in the project at home: ids by the noun of their address. */
  objects: { [noun: string]: string };
  /** Keys of another organization, with every permission. */
  foreign: { live: string; test: string };
  /** Keys that open nothing, by what is wrong with them. */
  bad: { [why: string]: string };
  /** A key with every permission, for addresses that nobody here has. */
  elsewhere: string;
};

const person = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };
const every = Permission.options.filter((permission) => permission !== 'traces:write');

/** Two tenants of one owner, and keys of every kind, mode and permission, made as people make them. */
export async function openKeyRing({ app, setup }: WholeServer): Promise<KeyRing> {
  const owner = openBrowser(app);
  const token = new URL((await setup.openSetupLink())?.url ?? '').hash.replace('#token=', '');
  await posted(owner, '/api/v1/setup', { ...person, token });
  await posted(owner, '/api/auth/sign-in/email', { email: person.email, password: person.password });
  await posted(owner, '/api/v1/organizations', { name: 'Abroad' });
  await posted(owner, '/api/v1/organizations/abroad/projects', { name: 'Secret plans' });
  const home = { organization: 'default', project: 'default' };
  const abroad = { organization: 'abroad', project: 'secret-plans' };
  const make = async (
    { project }: Tenant,
    key: Partial<NewKey> = {},
  ): Promise<{ secret: string; id: string }> => {
    const made = await posted(owner, `/api/v1/projects/${project}/keys`, { name: 'k', ...key });
    return { secret: made.secret, id: made.key.id };
  };
  const only: KeyRing['only'] = new Map();
  const allBut: KeyRing['allBut'] = new Map();
  for (const permission of Permission.options) {
    for (const mode of ['live', 'test'] as const) {
      const { secret } = await make(home, { mode, permissions: [permission] });
      only.set(`${permission} ${mode}`, { permission, mode, secret });
    }
    const permissions = every.filter((each) => each !== permission);
    allBut.set(permission, (await make(home, { permissions })).secret);
  }
  const of = async (tenant: Tenant, key: Partial<NewKey>) => ({
    live: (await make(tenant, key)).secret,
    test: (await make(tenant, { ...key, mode: 'test' })).secret,
  });
  return {
    owner,
    home,
    abroad,
    only,
    allBut,
    ingest: await of(home, { kind: 'ingest' }),
    objects: await makeObjects(owner),
    foreign: await of(abroad, { permissions: Permission.options }),
    bad: await makeBad(owner, () => make(home, { permissions: every })),
    elsewhere: (await make(home, { permissions: every, ip_ranges: ['203.0.113.7'] })).secret,
  };
}

/** Each had every permission once, and some a good key's form. */
async function makeBad(
  owner: Browser,
  make: () => Promise<{ secret: string; id: string }>,
): Promise<KeyRing['bad']> {
  const [good, revoked, replaced, expired] = [await make(), await make(), await make(), await make()];
  const at = ({ id }: { id: string }) => `/api/v1/projects/default/keys/${id}`;
  await owner.delete(at(revoked));
  await posted(owner, `${at(replaced)}/rotate`, { overlap_seconds: 0 });
  const endsMs = Date.now() + 100;
  const { statusCode } = await owner.patch(at(expired), { expires_at: new Date(endsMs).toISOString() });
  if (statusCode !== 200) throw new Error(`The key could not be given an end: ${statusCode}.`);
  await waitUntil(() => Date.now() > endsMs);
  return {
    unknown: `tr_live_${'0'.repeat(49)}`,
    malformed: `${good.secret.slice(0, -1)}~`,
    'cut short': good.secret.slice(0, -1),
    'in upper case': good.secret.toUpperCase(),
    revoked: revoked.secret,
    expired: expired.secret,
    'replaced, and past the overlap': replaced.secret,
  };
}

async function makeObjects(owner: Browser): Promise<KeyRing['objects']> {
  const scope = { kind: 'user' };
  const bodies = {
    keys: { name: 'at home' },
    limits: { name: 'at home', scope, measure: 'requests', period: 'day', max: 1 },
    budgets: { name: 'at home', scope, amount_usd: '1' },
    'provider-credentials': { provider: 'openai', name: 'at home', secret: 'sk-at-home' },
  };
  const objects: KeyRing['objects'] = {};
  for (const [noun, body] of Object.entries(bodies)) {
    const made = await posted(owner, `/api/v1/projects/default/${noun}`, body);
    objects[noun] = made.key?.id ?? made.id;
  }
  return objects;
}

async function posted(browser: Browser, path: string, body: object) {
  const reply = await browser.post(path, body);
  if (reply.statusCode >= 300) throw new Error(`POST ${path}: ${reply.statusCode} ${reply.body}`);
  return reply.json();
}
