import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import type { LimitMeasure, LimitPeriod } from '@app/contract';
import { createFindPeriod } from '@app/gateway';
import { databaseUrlOf } from './database-url.ts';
import { type BillingUpstream, openBillingUpstream } from './open-billing-upstream.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { providerConfig } from './provider-config.ts';
import { type LimitCall, type LimitedOutcome, sendLimitedCall } from './send-limited-call.ts';
import { createKey, makePlace, type Place, type ServerProcess, startProcess } from './start-process.ts';

export type LabOptions = {
  redisUrl?: string;
  /** For each server, more lines under `defaults`. One server without any when absent. */
  servers?: readonly (readonly string[])[];
};

export type LimitLab = TestStore & {
  upstream: BillingUpstream;
  servers: ServerProcess[];
  places: Place[];
  /** `kill -9`. */
  kill(server: number): Promise<void>;
  start(server: number): Promise<void>;
  /** A key of its own for one test, with its secret, known to every server. */
  makeKey(name: string): Promise<{ id: string; secret: string }>;
  revokeKey(id: string): Promise<void>;
  /** What `/ready` says of how a server counts. */
  counters(server: number): Promise<string>;
  /** A limit over one key, known to every server. A budget, where it is on cost. */
  limit(keyId: string, limit: { measure: LimitMeasure; period?: LimitPeriod; max: number }): Promise<string>;
  call(call: Omit<LimitCall, 'url' | 'agent'> & { server?: number }): Promise<LimitedOutcome>;
  /** What PostgreSQL has of a count in its current period. */
  used(limitId: string, period: 'day' | 'month'): Promise<number>;
  close(): Promise<void>;
};

/** Servers in processes of their own over one PostgreSQL and, where it is given, one Redis; and a provider that counts. */
export async function openLimitLab(options: LabOptions = {}): Promise<LimitLab> {
  const stored = await openTestStore();
  const upstream = await openBillingUpstream();
  const agent = new Agent({ keepAlive: true, maxSockets: 2_000 });
  const places = (options.servers ?? [[]]).map((defaults) =>
    placeOf({ redisUrl: options.redisUrl, defaults }, stored, upstream),
  );
  const servers = await startAll(places);
  const [first] = places;
  if (first === undefined) throw new Error('A lab has one server at least.');
  const admin = await createKey(first, 'live');
  const project = await findProject(stored);
  const findPeriod = createFindPeriod();
  let limits = 0;

  const urlOf = (server: number): string => servers[server]?.url ?? '';
  const makeKey: LimitLab['makeKey'] = async (name) => {
    const response = await fetch(`${urlOf(0)}/api/v1/projects/${project.id}/keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name, permissions: ['inference:call'] }),
    });
    if (!response.ok) throw new Error(`No key: ${response.status} ${await response.text()}`);
    const { key, secret } = (await response.json()) as { key: { id: string }; secret: string };
    return { id: key.id, secret };
  };
  const revokeKey: LimitLab['revokeKey'] = async (id) => {
    const response = await fetch(`${urlOf(0)}/api/v1/projects/${project.id}/keys/${id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${admin}` },
    });
    if (!response.ok) throw new Error(`Not revoked: ${response.status} ${await response.text()}`);
  };
  const counters: LimitLab['counters'] = async (server) => {
    const ready = (await (await fetch(`${urlOf(server)}/ready`)).json()) as { counters: string };
    return ready.counters;
  };
  const limit: LimitLab['limit'] = async (keyId, { measure, period, max }) => {
    limits += 1;
    const isBudget = measure === 'cost';
    const id = `${isBudget ? 'bud' : 'lim'}_lab_${limits}`;
    const { sequence } = await stored.store.limits.insertLimit(project.organizationId, {
      ...{ id, projectId: project.id, name: id, measure, period, max, enforcement: 'enforce', source: 'api' },
      scope: { kind: 'key', id: keyId },
      budget: isBudget ? BUDGET : undefined,
      createdAtMs: Date.now(),
      createdBy: undefined,
    });
    if (!(await stored.store.limits.waitForAcknowledgement(sequence, 10_000)))
      throw new Error(`No server knows the limit ${id}.`);
    return id;
  };
  return {
    ...stored,
    upstream,
    servers,
    places,
    kill: async (server) => servers[server]?.kill(),
    start: async (server) => {
      const place = places[server];
      if (place !== undefined) servers[server] = await startProcess(place);
    },
    ...{ makeKey, revokeKey, counters, limit },
    call: ({ server = 0, ...call }) => sendLimitedCall({ ...call, url: urlOf(server), agent }),
    used: async (limitId, period) => {
      const periodStartMs = findPeriod(period, 'UTC', Date.now()).startMs;
      const found = await stored.store.limitUsage.findLimitUsage([{ limitId, subject: '', periodStartMs }]);
      return found[0]?.used ?? 0;
    },
    close: async () => {
      agent.destroy();
      upstream.release();
      await Promise.all(servers.map((server) => server.kill()));
      await upstream.close();
      await stored.close();
      for (const place of places) place.remove();
    },
  };
}

const BUDGET = {
  action: 'block' as const,
  routeModel: undefined,
  warnPercents: [50],
  isStrict: false,
  carriesOver: false,
  owner: undefined,
};

const MASTER_KEY = randomBytes(32).toString('base64');

function placeOf(
  { redisUrl, defaults }: { redisUrl: string | undefined; defaults: readonly string[] },
  { place }: TestStore,
  upstream: BillingUpstream,
): Place {
  const waits = ['first_byte', 'whole_reply', 'idle'].map((name) => `${name}_timeout_seconds: 3`);
  return makePlace(providerConfig(upstream.url, { defaults: [...waits, ...defaults] }), {
    DATABASE_URL: databaseUrlOf(place),
    // Nobody is there: traces wait on the disk, and calls do not need it.
    CLICKHOUSE_URL: 'http://127.0.0.1:9',
    TOKENROUTER_MASTER_KEY: MASTER_KEY,
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
  });
}

/** One after the other, because the first makes what all share. */
async function startAll(places: readonly Place[]): Promise<ServerProcess[]> {
  const servers: ServerProcess[] = [];
  for (const place of places) servers.push(await startProcess(place));
  return servers;
}

async function findProject({ store }: TestStore): Promise<{ id: string; organizationId: string }> {
  const organization = await store.tenants.findOrganizationBySlug({ slug: 'default' });
  const project =
    organization && (await store.tenants.findProjectBySlug(organization.id, { slug: 'default' }));
  if (organization === undefined || project === undefined) throw new Error('There is no first project.');
  return { id: project.id, organizationId: organization.id };
}
