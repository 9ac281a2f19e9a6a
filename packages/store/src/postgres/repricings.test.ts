import { beforeAll, expect, test } from 'vitest';
import { describeOnEveryPostgres } from '../../test/postgres-engines.ts';
import { insertTenant } from '../../test/tenants.ts';
import type { Postgres } from './open-postgres.ts';
import { claimRepricing } from './queries/claim-repricing.ts';
import { findRepricing } from './queries/find-repricing.ts';
import { insertRepricing } from './queries/insert-repricing.ts';
import { listRepricings } from './queries/list-repricings.ts';
import { saveRepricing } from './queries/save-repricing.ts';
import type { RepricingProgress } from './repricing-row.ts';

const progress: RepricingProgress = { batches: 0, calls: 0, changedCalls: 0, models: [] };
const given = (id: string, isApplied = true) => ({
  id,
  organizationId: 'org_a',
  fromMs: Date.UTC(2026, 4, 1),
  toMs: Date.UTC(2026, 4, 2),
  isApplied,
  requestedBy: 'user_1',
  createdAtMs: Date.UTC(2026, 4, 3),
  serverId: 'srv_1',
  callsTotal: 7,
  progress,
});

describeOnEveryPostgres('pricing calls again', (engine) => {
  let db: Postgres;
  beforeAll(async () => {
    db = await engine.open();
    for (const name of ['a', 'b']) await insertTenant(db, name);
  });

  test('is kept as it was asked for, for its project alone', async () => {
    const made = await insertRepricing(db)('proj_a', given('rep_dry', false));
    expect(made).toMatchObject({ ...given('rep_dry', false), projectId: 'proj_a', status: 'running' });
    expect(await findRepricing(db)('proj_a', { id: 'rep_dry' })).toEqual(made);
    expect(await findRepricing(db)('proj_b', { id: 'rep_dry' })).toBeUndefined();
    expect(await listRepricings(db)('proj_b', { limit: 5 })).toEqual([]);
  });

  test('changes a project’s calls one at a time; dry runs do not stand in its way', async () => {
    expect(await insertRepricing(db)('proj_a', given('rep_1'))).toBeDefined();
    expect(await insertRepricing(db)('proj_a', given('rep_2'))).toBeUndefined();
    expect(await insertRepricing(db)('proj_a', given('rep_3', false))).toBeDefined();
    expect(await insertRepricing(db)('proj_b', { ...given('rep_4'), organizationId: 'org_b' })).toBeDefined();
  });

  test('saves where it stands for the server that has it, until it is over', async () => {
    const stands = { ...progress, batches: 2, cursor: { hourS: 3_600, traceId: 't', spanId: 's' } };
    const save = { id: 'rep_1', serverId: 'srv_1', status: 'running', progress: stands } as const;
    expect(await saveRepricing(db)('proj_a', save)).toBe(true);
    expect(await saveRepricing(db)('proj_b', save)).toBe(false);
    expect(await saveRepricing(db)('proj_a', { ...save, serverId: 'srv_2' })).toBe(false);
    expect((await findRepricing(db)('proj_a', { id: 'rep_1' }))?.progress).toEqual(stands);
    expect(await saveRepricing(db)('proj_a', { ...save, status: 'failed', error: 'It broke.' })).toBe(true);
    expect(await saveRepricing(db)('proj_a', save)).toBe(false);
    const ended = await findRepricing(db)('proj_a', { id: 'rep_1' });
    expect(ended).toMatchObject({ status: 'failed', error: 'It broke.' });
    expect(ended?.endedAtMs).toBeDefined();
  });

  test('is taken over from a server that fell silent, and by one server alone', async () => {
    expect(await claimRepricing(db)({ serverId: 'srv_9', silentMs: 60_000 })).toBeUndefined();
    const claimed = await Promise.all(
      ['srv_7', 'srv_8', 'srv_9', 'srv_10'].map((serverId) => claimRepricing(db)({ serverId, silentMs: 0 })),
    );
    const ids = claimed.flatMap((one) => (one === undefined ? [] : [one.id]));
    expect(ids.length).toBeGreaterThan(0);
    expect(ids).not.toContain('rep_1');
    for (const one of claimed) expect(one === undefined || one.serverId.startsWith('srv_')).toBe(true);
  });
});
