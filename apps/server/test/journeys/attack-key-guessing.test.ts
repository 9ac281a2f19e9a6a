import { createAuthenticate, type Principal } from '@app/gateway';
import type { KeyChange } from '@app/store';
import { describe, expect, test } from 'vitest';
import { digestKey } from '../../src/keys/digest-key.ts';
import { createAccess } from '../../src/routes/api/create-access.ts';
import type { ApiRequest } from '../../src/routes/api/operation.ts';
import { createKeyIndex } from '../../src/snapshot/create-key-index.ts';

const NOW_MS = 1_800_000_000_000;
const digest = digestKey(Buffer.alloc(32, 7));
const good = `tr_live_${'g'.repeat(49)}`;
const expired = `tr_live_${'e'.repeat(49)}`;
const endsNow = `tr_live_${'n'.repeat(49)}`;
const revoked = `tr_live_${'r'.repeat(49)}`;

const refused = {
  unknown: `tr_live_${'u'.repeat(49)}`,
  expired,
  'at the moment of its end': endsNow,
  revoked,
  'of another product': 'sk-proj-0123456789',
  'cut short': good.slice(0, -1),
  'with another last character': `${good.slice(0, -1)}h`,
  'in upper case': good.toUpperCase(),
  'with something behind it': `${good}x`,
  'of one character': 'x',
  'that is no ASCII': 'tr_live_💥',
  'that is an attack': "' or 1=1 --",
  'of 10,000 characters': 'x'.repeat(10_000),
};

/** A server's parts that see a key, each use written down. */
function openSurfaces() {
  const operations: string[] = [];
  const index = createKeyIndex();
  const change = (secret: string, more: Partial<KeyChange> = {}): KeyChange => ({
    sequence: 1,
    id: `key_${secret.slice(-1)}`,
    organizationId: 'org_1',
    projectId: 'proj_1',
    kind: 'gateway',
    mode: 'live',
    environment: 'production',
    permissions: ['inference:call', 'keys:read'],
    digest: digest(secret),
    expiresAtMs: undefined,
    revokedAtMs: undefined,
    requestsPerMinuteMax: 600,
    concurrencyMax: 64,
    capture: 'full',
    ...more,
  });
  index.apply(change(good));
  index.apply(change(expired, { expiresAtMs: NOW_MS - 1, ipRanges: ['192.0.2.0/24'] }));
  index.apply(change(endsNow, { expiresAtMs: NOW_MS }));
  index.apply(change(revoked));
  index.apply(change(revoked, { revokedAtMs: NOW_MS - 1 }));

  const counted = {
    digest: (text: string) => {
      operations.push('digest');
      return digest(text);
    },
    findPrincipal: (wanted: string): Principal | undefined => {
      operations.push('look-up');
      return index.find(wanted);
    },
    nowMs: () => {
      operations.push('clock');
      return NOW_MS;
    },
  };
  const forbidden = (name: string) => async () => {
    operations.push(name);
    throw new Error(`${name} was reached.`);
  };
  const authenticate = createAuthenticate({
    snapshot: { findPrincipal: counted.findPrincipal },
    digest: counted.digest,
    clock: { nowMs: counted.nowMs, monotonicMs: () => 0 },
  });
  const access = createAccess({
    ...counted,
    findSession: forbidden('session'),
    tenants: {
      findProject: forbidden('project'),
      listNamedProjectsOfUser: forbidden('projects'),
      findOrganizationOfUser: forbidden('organizations'),
    },
    site: { publicOrigin: undefined, mode: 'development' },
    noteUse: () => operations.push('note'),
    noteActivity: () => operations.push('activity'),
  });
  return { operations, authenticate, access };
}

const requestWith = (secret: string, header: string): ApiRequest => ({
  method: 'GET',
  id: 'req_1',
  seen: {},
  headers: { host: '127.0.0.1', [header]: header === 'authorization' ? `Bearer ${secret}` : secret },
  ip: '203.0.113.7',
  isTls: false,
  params: { project: 'default' },
  query: {},
  body: undefined,
});

type Surfaces = ReturnType<typeof openSurfaces>;

/** Every way in that looks at a key, and what it answers. */
const surfaces: { [name: string]: (open: Surfaces, secret: string) => Promise<unknown> } = {
  inference: async ({ authenticate }, secret) => {
    const outcome = authenticate(secret, { permission: 'inference:call', ip: '203.0.113.7' });
    return outcome.ok ? 'accepted' : outcome.error;
  },
  ...Object.fromEntries(
    ['authorization', 'x-api-key', 'x-goog-api-key'].map((header) => [
      `management, ${header}`,
      ({ access }: Surfaces, secret: string) =>
        access.enterProject(requestWith(secret, header), 'keys:read').catch((error: unknown) => error),
    ]),
  ),
  'management, for people': ({ access }, secret) =>
    access.enterSession(requestWith(secret, 'authorization')).catch((error: unknown) => error),
};

describe.each(Object.keys(surfaces))('%s', (name) => {
  test.each(Object.keys(refused))(
    'a key %s takes the same operations and meets the same answer',
    async (kind) => {
      const open = openSurfaces();
      const answer = await surfaces[name]?.(open, refused[kind as keyof typeof refused]);
      expect(answer).toMatchObject({ code: 'invalid_api_key', message: 'Invalid API key provided' });
      expect(open.operations).toEqual(['digest', 'look-up', 'clock']);
    },
  );

  test('a good key begins with the same operations and goes on', async () => {
    const open = openSurfaces();
    const answer = await surfaces[name]?.(open, good);
    expect(answer).not.toMatchObject({ code: 'invalid_api_key' });
    expect(open.operations.slice(0, 3)).toEqual(['digest', 'look-up', 'clock']);
  });
});
