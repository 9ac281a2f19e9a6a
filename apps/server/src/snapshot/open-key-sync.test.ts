import { randomBytes } from 'node:crypto';
import type { Schedule } from '@app/gateway';
import type { RelationalStore } from '@app/store';
import { createFakeClock } from '@app/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type OwnTestStore, openOwnTestStore } from '../../test/open-test-store.ts';
import { waitUntil } from '../../test/wait-until.ts';
import { ensureDefaultTenant } from '../identity/ensure-default-tenant.ts';
import { newId } from '../ids.ts';
import { createKeys, type Keys } from '../keys/create-keys.ts';
import { digestKey } from '../keys/digest-key.ts';
import { type KeySync, type KeySyncDeps, openKeySync } from './open-key-sync.ts';

let open: OwnTestStore;
let keys: Keys;
let project: { id: string; organizationId: string };
const digest = digestKey(Buffer.alloc(32, 7));
const ids = { nowMs: Date.now, randomBytes };

beforeAll(async () => {
  open = await openOwnTestStore();
  project = await ensureDefaultTenant({
    tenants: open.store.tenants,
    newId: (prefix) => newId(prefix, ids),
    nowMs: Date.now,
    capture: 'full',
  });
  keys = createKeys({
    keys: open.store.keys,
    digest,
    randomBytes,
    nowMs: Date.now,
    newKeyId: () => newId('key_', ids),
    defaults: { requestsPerMinuteMax: 600, concurrencyMax: 64 },
  });
});
afterAll(() => open.close());

let warnings: string[];
beforeEach(() => {
  warnings = [];
});

const never: Schedule = () => () => undefined;
const follow = (more: Partial<KeySyncDeps> = {}): Promise<KeySync> =>
  openKeySync({
    keys: open.store.keys,
    serverId: newId('srv_', ids),
    schedule: never,
    onWarning: (message) => warnings.push(message),
    ...more,
  });
const make = (name = 'k') => keys.create(project, { name });

describe('following keys', () => {
  test('keys that were there before the start are known at once', async () => {
    const { secret, key } = await make();
    const sync = await follow();
    expect(sync.findPrincipal(digest(secret))?.keyId).toBe(key.id);
    expect(sync.findPrincipal(secret)).toBeUndefined();
    await sync.close();
  });

  test('when the write is done every live server knows the key, and none a revoked one, a hundred times over', async () => {
    const servers = await Promise.all([follow(), follow(), follow()]);
    for (let n = 0; n < 100; n += 1) {
      const { secret, key } = await make();
      for (const server of servers) expect(server.findPrincipal(digest(secret))?.keyId).toBe(key.id);
      if (n % 2 === 0) continue;
      await keys.revoke(project.id, key.id);
      for (const server of servers) expect(server.findPrincipal(digest(secret))).toBeUndefined();
    }
    await Promise.all(servers.map((server) => server.close()));
  });

  test('forty writes at once reach a server completely', async () => {
    const sync = await follow();
    const made = await Promise.all(Array.from({ length: 40 }, () => make()));
    for (const { secret } of made) expect(sync.findPrincipal(digest(secret))).toBeDefined();
    await sync.close();
  });

  test('a server that stopped or hangs delays a write by no more than two seconds', async () => {
    const stopped = await follow();
    await stopped.close();
    const hanging = { listenKeyChanges: () => () => undefined };
    const sync = await follow({ keys: { ...open.store.keys, ...hanging } });
    const startedAt = performance.now();
    await make();
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    await sync.close();
  });

  test('polling finds what no notification told', async () => {
    const { schedule, advance } = createFakeClock();
    const deaf = { listenKeyChanges: () => () => undefined, waitForAcknowledgement: async () => true };
    const sync = await follow({ schedule, keys: { ...open.store.keys, ...deaf } });
    const quick = createKeys({
      keys: { ...open.store.keys, ...deaf },
      digest,
      randomBytes,
      nowMs: Date.now,
      newKeyId: () => newId('key_', ids),
      defaults: { requestsPerMinuteMax: 600, concurrencyMax: 64 },
    });
    const { secret } = await quick.create(project, { name: 'k' });
    expect(sync.findPrincipal(digest(secret))).toBeUndefined();
    advance(3_000);
    await waitUntil(() => sync.findPrincipal(digest(secret)) !== undefined);
    await sync.close();
  });

  test('a change of what the project keeps of a call reaches its keys', async () => {
    const sync = await follow();
    const { secret } = await make();
    await open.store.tenants.updateProjectCapture(project.id, { capture: 'metadata' });
    await waitUntil(() => sync.findPrincipal(digest(secret))?.capture === 'metadata');
    await open.store.tenants.updateProjectCapture(project.id, { capture: 'full' });
    await sync.close();
  });

  test('a database that was put back to an earlier state takes later keys with it', async () => {
    const { secret } = await make('before the restore');
    let gap = () => {};
    let sequence: number | undefined;
    const listening: RelationalStore['keys'] = {
      ...open.store.keys,
      listenKeyChanges: ({ onGap }) => {
        gap = onGap;
        return () => undefined;
      },
      findKeySequence: async () => sequence ?? open.store.keys.findKeySequence(),
      readAllKeys: async function* () {
        if (sequence === undefined) yield* open.store.keys.readAllKeys();
      },
      listKeyChanges: async (input) => (sequence === undefined ? open.store.keys.listKeyChanges(input) : []),
    };
    const sync = await follow({ keys: listening });
    expect(sync.findPrincipal(digest(secret))).toBeDefined();
    sequence = 0;
    gap();
    await waitUntil(() => sync.findPrincipal(digest(secret)) === undefined);
    await sync.close();
  });
});

describe('while PostgreSQL is away', () => {
  test('known keys go on working, the reason is told once, and what changed meanwhile comes with its return', async () => {
    const { schedule, advance } = createFakeClock();
    const sync = await follow({ schedule });
    const { secret, key } = await make('before the outage');
    await open.postgres.stop();
    for (let n = 0; n < 3; n += 1) {
      advance(3_000);
      await waitUntil(() => warnings.length > 0);
    }
    expect(sync.findPrincipal(digest(secret))?.keyId).toBe(key.id);
    await open.postgres.restart();
    await keys.revoke(project.id, key.id);
    await waitUntil(() => sync.findPrincipal(digest(secret)) === undefined);
    expect(warnings).toHaveLength(1);
    await sync.close();
  }, 60_000);

  test('a start without PostgreSQL fails instead of refusing every key', async () => {
    const failing = { ...open.store.keys, listKeyChanges: () => Promise.reject(new Error('away')) };
    await expect(follow({ keys: failing })).rejects.toThrow('away');
  });
});
