import { beforeAll, expect, test } from 'vitest';
import { describeOnEveryPostgres } from '../../test/postgres-engines.ts';
import { silentLog } from '../../test/silent-log.ts';
import { insertTenant } from '../../test/tenants.ts';
import { waitUntil } from '../../test/wait-until.ts';
import { credentialTables } from './credential-tables.ts';
import { openChangeFeeds } from './open-change-feeds.ts';
import type { Postgres } from './open-postgres.ts';
import type { InsertProviderCredential } from './queries/insert-provider-credential.ts';

const nowMs = Date.UTC(2026, 4, 1);
const sealed = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const credentialOf = (id: string, changes: Partial<InsertProviderCredential> = {}) => ({
  id,
  providerId: 'openai',
  name: id,
  sealed,
  origins: ['https://api.openai.com'],
  weight: 1,
  createdAtMs: nowMs,
  createdBy: undefined,
  ...changes,
});

describeOnEveryPostgres("providers' keys", (engine) => {
  let db: Postgres;
  let credentials: ReturnType<typeof credentialTables>['credentials'];
  let feeds: ReturnType<typeof openChangeFeeds>;
  beforeAll(async () => {
    db = await engine.open();
    feeds = openChangeFeeds(db, silentLog);
    credentials = credentialTables(db, feeds.credentials).credentials;
    for (const name of ['a', 'b']) await insertTenant(db, name);
    return () => feeds.close();
  });

  test('a key stays with its organization, byte for byte', async () => {
    const made = await credentials.insertProviderCredential('org_a', credentialOf('cred_1'));
    expect(made?.credential).toEqual({
      id: 'cred_1',
      organizationId: 'org_a',
      projectId: undefined,
      providerId: 'openai',
      name: 'cred_1',
      sealed,
      reference: undefined,
      origins: ['https://api.openai.com'],
      lastFour: undefined,
      weight: 1,
      isEnabled: true,
      createdAtMs: nowMs,
      createdBy: undefined,
      rotatedAtMs: undefined,
    });
    expect(await credentials.listProviderCredentials('org_b', { projectId: 'proj_a' })).toEqual([]);
    expect(await credentials.findProviderCredential('org_b', { id: 'cred_1' })).toBeUndefined();
    expect(await credentials.updateProviderCredential('org_b', { id: 'cred_1', weight: 9 })).toBeUndefined();
    expect(
      await credentials.deleteProviderCredential('org_b', { id: 'cred_1', deletedAtMs: nowMs }),
    ).toBeUndefined();
    expect(await credentials.findProviderCredential('org_a', { id: 'cred_1' })).toEqual(made?.credential);
  });

  test("a project sees its own keys and its organization's, and a name is given once to each", async () => {
    const own = credentialOf('cred_2', { projectId: 'proj_b', name: 'main' });
    expect(await credentials.insertProviderCredential('org_b', own)).toBeDefined();
    expect(await credentials.insertProviderCredential('org_b', { ...own, id: 'cred_3' })).toBeUndefined();
    const shared = credentialOf('cred_4', { name: 'main' });
    expect(await credentials.insertProviderCredential('org_b', shared)).toBeDefined();
    expect(await credentials.insertProviderCredential('org_b', { ...shared, id: 'cred_5' })).toBeUndefined();
    const list = (projectId: string) => credentials.listProviderCredentials('org_b', { projectId });
    expect((await list('proj_b')).map(({ id }) => id)).toEqual(['cred_2', 'cred_4']);
    expect((await list('proj_other')).map(({ id }) => id)).toEqual(['cred_4']);
    expect(await credentials.countProviderCredentials('org_b')).toBe(2);
    await expect(
      credentials.insertProviderCredential('org_b', credentialOf('cred_6', { projectId: 'proj_a' })),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a change leaves what it does not name, and a new secret takes the whole place of the old one', async () => {
    await credentials.insertProviderCredential('org_a', credentialOf('cred_7', { lastFour: 'aB3x' }));
    const renamed = await credentials.updateProviderCredential('org_a', {
      id: 'cred_7',
      name: 'new',
      weight: 0,
    });
    expect(renamed?.credential).toMatchObject({ name: 'new', weight: 0, sealed, lastFour: 'aB3x' });
    const off = await credentials.updateProviderCredential('org_a', { id: 'cred_7', isEnabled: false });
    expect(off?.credential).toMatchObject({ name: 'new', isEnabled: false, rotatedAtMs: undefined });
    const secret = { reference: 'vault', origins: ['https://other.example'], rotatedAtMs: nowMs + 1 };
    const rotated = await credentials.updateProviderCredential('org_a', { id: 'cred_7', secret });
    expect(rotated?.credential).toMatchObject({
      ...secret,
      sealed: undefined,
      lastFour: undefined,
      isEnabled: false,
    });
    expect((rotated?.sequence ?? 0) > (off?.sequence ?? 0)).toBe(true);
    await expect(
      credentials.updateProviderCredential('org_a', { id: 'cred_7', name: 'cred_1' }),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  test('of a deleted key the secret is gone at once, its name is free, and servers hear of its end', async () => {
    const { sequence: since = 0 } =
      (await credentials.insertProviderCredential('org_a', credentialOf('cred_8'))) ?? {};
    const gone = await credentials.deleteProviderCredential('org_a', { id: 'cred_8', deletedAtMs: nowMs });
    expect(await credentials.findProviderCredential('org_a', { id: 'cred_8' })).toBeUndefined();
    expect(
      await db.rows('select sealed, deleted_at from provider_credentials where id = $1', ['cred_8']),
    ).toEqual([{ sealed: null, deleted_at: new Date(nowMs) }]);
    const [change] = await credentials.listCredentialChanges({ since, limit: 10 });
    expect(change).toMatchObject({ id: 'cred_8', isDeleted: true, sequence: gone?.sequence });
    expect(
      await credentials.insertProviderCredential('org_a', credentialOf('cred_9', { name: 'cred_8' })),
    ).toBeDefined();
    const later = nowMs + 8 * 86_400_000;
    await credentials.deleteProviderCredential('org_a', { id: 'cred_9', deletedAtMs: later });
    expect(await db.rows('select id from provider_credentials where id = $1', ['cred_8'])).toEqual([]);
  });

  test('a change is told to every listener, and waited for until the servers have applied it', async () => {
    const heard: number[] = [];
    let listens = false;
    credentials.listenCredentialChanges({
      onSequence: (sequence) => heard.push(sequence),
      onGap: () => {
        listens = true;
      },
    });
    await waitUntil(() => listens);
    const { sequence = 0 } =
      (await credentials.insertProviderCredential('org_a', credentialOf('cred_10'))) ?? {};
    await waitUntil(() => heard.includes(sequence));
    expect(await credentials.findCredentialSequence()).toBe(sequence);
    await credentials.acknowledge({ serverId: 'srv_1', sequence: sequence - 1 });
    expect(await credentials.waitForAcknowledgement(sequence, 50)).toBe(false);
    const waiting = credentials.waitForAcknowledgement(sequence, 5_000);
    await credentials.acknowledge({ serverId: 'srv_1', sequence });
    expect(await waiting).toBe(true);
  });
});
