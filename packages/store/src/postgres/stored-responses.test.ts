import { beforeAll, expect, test } from 'vitest';
import { describeOnEveryPostgres } from '../../test/postgres-engines.ts';
import { insertTenant } from '../../test/tenants.ts';
import type { Postgres } from './open-postgres.ts';
import { acknowledgeKeyChanges } from './queries/acknowledge-key-changes.ts';
import { responseTables } from './response-tables.ts';
import type { StoredResponse } from './stored-response-row.ts';

const nowMs = Date.UTC(2026, 4, 1);
const HOUR_MS = 3_600_000;
const INJECTION = "' or '1'='1";

function responseOf(id: string, changes: Partial<StoredResponse> = {}): StoredResponse {
  return {
    projectId: 'proj_a',
    mode: 'live',
    id,
    keyId: 'key_1',
    status: 'completed',
    previousId: undefined,
    conversationId: undefined,
    itemIds: [`msg_${id}`],
    serverId: undefined,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + HOUR_MS,
    sealed: Buffer.from(`sealed ${id}`),
    ...changes,
  };
}

describeOnEveryPostgres('stored responses', (engine) => {
  let db: Postgres;
  let responses: ReturnType<typeof responseTables>['responses'];
  beforeAll(async () => {
    db = await engine.open();
    for (const name of ['a', 'b']) await insertTenant(db, name);
    responses = responseTables(db).responses;
  });

  const list = (ids: string[], mode: 'live' | 'test' = 'live', project = 'proj_a') =>
    responses.listStoredResponses(project, { mode, ids, nowMs });

  test('a response comes back byte for byte, and one that is there stays as it is', async () => {
    const sealed = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const odd = responseOf('resp_odd', { sealed, itemIds: ['msg_"quoted"', 'fc_\\n,{}', 'ü'] });
    await responses.insertStoredResponses([odd, responseOf('resp_2', { itemIds: [] })]);
    await responses.insertStoredResponses([{ ...odd, sealed: Buffer.from('other'), status: 'failed' }]);
    expect(await list(['resp_odd'])).toEqual([{ id: 'resp_odd', status: 'completed', sealed }]);
    for (const itemId of odd.itemIds) {
      const found = await responses.listResponsesOfItems('proj_a', {
        mode: 'live',
        itemIds: [itemId],
        nowMs,
      });
      expect(found).toEqual([{ id: 'resp_odd', bytes: 256 }]);
    }
  });

  test('another project and the other mode see nothing, change nothing and delete nothing', async () => {
    await responses.insertStoredResponses([
      responseOf('resp_mine', { status: 'in_progress', serverId: 'srv_1' }),
    ]);
    const strangers = [
      ['proj_b', 'live'],
      ['proj_a', 'test'],
      [INJECTION, 'live'],
    ] as const;
    for (const [project, mode] of strangers) {
      const id = 'resp_mine';
      expect(await list([id], mode, project)).toEqual([]);
      const chain = { mode, id, depthMax: 10, bytesMax: 1_000, nowMs };
      expect(await responses.listResponseChain(project, chain)).toEqual([]);
      const items = { mode, itemIds: ['msg_resp_mine'], nowMs };
      expect(await responses.listResponsesOfItems(project, items)).toEqual([]);
      expect(await responses.cancelStoredResponse(project, { mode, id })).toBe(false);
      const end = { mode, id, status: 'failed', itemIds: [], sealed: Buffer.from('x') } as const;
      expect(await responses.endStoredResponse(project, end)).toBe(false);
      expect(await responses.deleteStoredResponse(project, { mode, id })).toBe(false);
    }
    expect(await list([INJECTION, 'resp_%', ''])).toEqual([]);
    expect(await list(['resp_mine'])).toMatchObject([{ status: 'in_progress' }]);
  });

  test('a chain is given newest first and never crosses into another project or mode', async () => {
    await responses.insertStoredResponses([
      responseOf('resp_c1'),
      responseOf('resp_c2', { previousId: 'resp_c1' }),
      responseOf('resp_c3', { previousId: 'resp_c2' }),
      responseOf('resp_t1', { mode: 'test' }),
      responseOf('resp_t2', { previousId: 'resp_t1' }),
    ]);
    const chain = (id: string, bounds: { depthMax?: number; bytesMax?: number } = {}) =>
      responses.listResponseChain('proj_a', {
        mode: 'live',
        id,
        depthMax: 1_000,
        bytesMax: 1_000_000,
        nowMs,
        ...bounds,
      });
    expect(await chain('resp_c3')).toEqual([
      { id: 'resp_c3', previousId: 'resp_c2', bytes: 14 },
      { id: 'resp_c2', previousId: 'resp_c1', bytes: 14 },
      { id: 'resp_c1', previousId: undefined, bytes: 14 },
    ]);
    expect(await chain('resp_t2')).toMatchObject([{ id: 'resp_t2', previousId: 'resp_t1' }]);
    expect((await chain('resp_c3', { depthMax: 2 })).at(-1)).toMatchObject({ previousId: 'resp_c1' });
    expect((await chain('resp_c3', { bytesMax: 10 })).at(-1)).toMatchObject({ previousId: 'resp_c2' });
  });

  test('turns that refer to each other in a circle end at the bound', async () => {
    await responses.insertStoredResponses([
      responseOf('resp_x', { previousId: 'resp_y' }),
      responseOf('resp_y', { previousId: 'resp_x' }),
    ]);
    const bounds = { depthMax: 50, bytesMax: 1_000_000, nowMs };
    const chain = await responses.listResponseChain('proj_a', { mode: 'live', id: 'resp_x', ...bounds });
    expect(chain).toHaveLength(50);
  });

  test('what runs without its caller ends once: completed, cancelled or deleted, whichever came first', async () => {
    const running = (id: string) => responseOf(id, { status: 'in_progress', serverId: 'srv_ends' });
    await responses.insertStoredResponses(['resp_e1', 'resp_e2', 'resp_e3'].map(running));
    const end = (id: string) =>
      responses.endStoredResponse('proj_a', {
        mode: 'live',
        id,
        status: 'completed',
        itemIds: ['msg_end'],
        sealed: Buffer.from('end'),
      });
    const cancel = (id: string) => responses.cancelStoredResponse('proj_a', { mode: 'live', id });
    expect(await responses.listRunningResponses({ serverId: 'srv_ends' })).toHaveLength(3);
    expect([await end('resp_e1'), await end('resp_e1'), await cancel('resp_e1')]).toEqual([
      true,
      false,
      false,
    ]);
    expect([await cancel('resp_e2'), await cancel('resp_e2'), await end('resp_e2')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await responses.deleteStoredResponse('proj_a', { mode: 'live', id: 'resp_e3' })).toBe(true);
    expect(await end('resp_e3')).toBe(false);
    const left = await list(['resp_e1', 'resp_e2', 'resp_e3']);
    expect(Object.fromEntries(left.map(({ id, status }) => [id, status]))).toEqual({
      resp_e1: 'completed',
      resp_e2: 'cancelled',
    });
    expect(await responses.listRunningResponses({ serverId: 'srv_ends' })).toEqual([]);
  });

  test('what a server left behind fails, and what a living server works on does not', async () => {
    await acknowledgeKeyChanges(db)({ serverId: 'srv_alive', sequence: 0 });
    const of = (id: string, serverId: string) => responseOf(id, { status: 'in_progress', serverId });
    await responses.insertStoredResponses([
      of('resp_gone', 'srv_gone'),
      of('resp_alive', 'srv_alive'),
      of('resp_self', 'srv_self'),
    ]);
    const fail = () => responses.failInterruptedResponses({ serverId: 'srv_self', seenWithinMs: 60_000 });
    expect(await fail()).toBeGreaterThanOrEqual(1);
    expect(await fail()).toBe(0);
    const statuses = await list(['resp_gone', 'resp_alive', 'resp_self']);
    expect(Object.fromEntries(statuses.map(({ id, status }) => [id, status]))).toEqual({
      resp_gone: 'failed',
      resp_alive: 'in_progress',
      resp_self: 'in_progress',
    });
  });

  test('what has expired is not found any more, and goes in batches', async () => {
    const old = { expiresAtMs: nowMs - 1 };
    await responses.insertStoredResponses([1, 2, 3].map((at) => responseOf(`resp_old_${at}`, old)));
    expect(await list(['resp_old_1'])).toEqual([]);
    const chain = { mode: 'live', id: 'resp_old_1', depthMax: 9, bytesMax: 9_999, nowMs } as const;
    expect(await responses.listResponseChain('proj_a', chain)).toEqual([]);
    const batch = () => responses.deleteExpiredResponses({ nowMs, limit: 2 });
    expect([await batch(), await batch(), await batch()]).toEqual([2, 1, 0]);
    expect(await list(['resp_c1'])).toHaveLength(1);
  });

  test('a response of a project that is not there is refused', async () => {
    const foreign = responseOf('resp_foreign', { projectId: 'proj_none' });
    await expect(responses.insertStoredResponses([foreign])).rejects.toMatchObject({ code: 'conflict' });
  });
});
