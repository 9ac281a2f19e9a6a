import type { CallMeasures, InsertAlertMessage, MeasureQuestion, RelationalStore } from '@app/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import type { DeliveryResult, Message } from '../destinations/message.ts';
import { ensureDefaultTenant } from '../identity/ensure-default-tenant.ts';
import { createComposeOutcome } from './create-compose-outcome.ts';
import { createMeasureRules } from './measure-rules.ts';
import { openAlertDelivery } from './open-alert-delivery.ts';
import { openAlertEngine } from './open-alert-engine.ts';
import { createWatchEvents, type WatchedEvent } from './watch-events.ts';

const minuteMs = 60_000;
let own: TestStore;
let place: { organizationId: string; projectId: string };
let count = 0;
let worlds = 0;
const newId = (prefix: string) => `${prefix}${(count++).toString().padStart(6, '0')}`;

beforeAll(async () => {
  own = await openTestStore();
  const project = await ensureDefaultTenant({
    tenants: own.store.tenants,
    newId,
    nowMs: () => 0,
    capture: 'full',
  });
  place = { organizationId: project.organizationId, projectId: project.id };
}, 60_000);
afterAll(() => own.close());

const nothing: CallMeasures = {
  projectId: '',
  kind: 'all',
  subject: '',
  subjects: 1,
  calls: 0,
  failed: 0,
  refused: 0,
  tokens: 0,
  nanos: 0,
  p50Ms: 0,
  p95Ms: 0,
  p99Ms: 0,
  ttft95Ms: undefined,
};

type World = {
  nowMs: number;
  measures: Partial<CallMeasures>[];
  events: WatchedEvent[];
  asked: MeasureQuestion[];
  sent: Message[];
  warnings: string[];
  /** What destinations say; they take everything unless told otherwise. */
  answer: (id: string) => boolean;
};

/** Rules over a time that the test moves, with calls that the test makes up. */
function openWorld(changes: { alerts?: Partial<RelationalStore['alerts']> } = {}) {
  const { store } = own;
  const alerts = { ...store.alerts, ...changes.alerts };
  worlds += 1;
  const world: World = {
    nowMs: Date.UTC(2026, 5, 1) + worlds * 86_400_000,
    measures: [],
    events: [],
    asked: [],
    sent: [],
    warnings: [],
    answer: () => true,
  };
  const common = {
    nowMs: () => world.nowMs,
    monotonicMs: () => 0,
    schedule: () => () => undefined,
    newId,
    onWarning: (message: string) => void world.warnings.push(message),
  };
  const shared = { installation: place.organizationId, installationChain: 'installation' };
  const delivery = openAlertDelivery({
    ...common,
    alerts,
    deliver: async (_, ids, message): Promise<DeliveryResult[]> => {
      world.sent.push(message);
      return ids.map((id) => ({
        destination: id,
        name: id,
        ok: world.answer(id),
        error: world.answer(id) ? null : 'away',
      }));
    },
  });
  const engine = openAlertEngine({
    ...common,
    alerts,
    measure: createMeasureRules({
      ...common,
      ...shared,
      measureCalls: async (question) => {
        world.asked.push(question);
        return world.measures.map((each) => ({ ...nothing, projectId: place.projectId, ...each }));
      },
      listProjects: store.tenants.listProjects,
      sumRefusedCalls: store.alerts.sumRefusedCalls,
    }),
    watch: createWatchEvents({
      ...shared,
      listAddressNews: store.alerts.listAddressNews,
      listCurrentAnomalies: store.anomalies.listCurrentAnomalies,
      readAuditEvents: async (chain, { afterSequence }) =>
        world.events.filter(({ sequence }) => chain !== 'installation' && sequence > afterSequence),
    }),
    compose: createComposeOutcome({ ...common, findKeyNames: store.alerts.findKeyNames }),
    findAnomalies: async () => undefined,
    onMessage: () => undefined,
    lagMs: () => 2_000,
  });
  const rules: string[] = [];
  return {
    world,
    engine,
    delivery,
    makeRule: async (rule: object = {}) => {
      const id = newId('alr_');
      rules.push(id);
      return store.alerts.insertAlert(place.organizationId, {
        id,
        projectId: place.projectId,
        name: 'spends too much',
        metric: 'spend',
        scope: {},
        per: 'all',
        direction: 'above',
        threshold: 10,
        windowMinutes: 60,
        callsMin: 20,
        cooldownMinutes: 60,
        severity: 'critical',
        destinations: ['dst_1'],
        actions: [],
        isEnabled: true,
        createdAtMs: world.nowMs,
        createdBy: undefined,
        cursor: undefined,
        installationCursor: undefined,
        ...rule,
      });
    },
    /** A minute later: a look, and what was told of it. */
    pass: async (minutes = 1) => {
      world.nowMs += minutes * minuteMs;
      world.sent = [];
      await engine.run();
      await delivery.run();
      return world.sent;
    },
    events: async () =>
      (await store.alerts.listAlertEvents(place.organizationId, { projectId: place.projectId, limit: 50 }))
        .events,
    close: async () => {
      for (const id of rules)
        await store.alerts.deleteAlert(place.organizationId, { projectId: place.projectId, id });
      await engine.close();
      await delivery.close();
    },
  };
}

describe('a rule from the first look to the message', () => {
  test('what is beyond its bound is told once, in words and figures, and so is its end', async () => {
    const open = openWorld();
    const rule = await open.makeRule();
    open.world.measures = [{ calls: 41, nanos: 9_000_000_000 }];
    expect(await open.pass()).toEqual([]);
    open.world.measures = [{ calls: 42, nanos: 12_300_000_000 }];
    const [message, ...more] = await open.pass();
    expect(more).toEqual([]);
    expect(message).toMatchObject({
      kind: 'alert',
      severity: 'critical',
      title: 'Alert: spends too much',
      text: '$12.30 were spent in the last hour; more than $10.00.',
      path: `/alerts?alert=${rule.id}`,
      data: { alert_id: rule.id, metric: 'spend', state: 'firing', threshold: 10 },
    });
    for (let minute = 0; minute < 5; minute += 1) expect(await open.pass()).toEqual([]);
    open.world.measures = [];
    expect(await open.pass()).toMatchObject([
      {
        severity: 'info',
        title: 'Resolved: spends too much',
        text: expect.stringContaining('no more than $10.00'),
      },
    ]);
    const [last, first] = await open.events();
    expect(first).toMatchObject({
      state: 'firing',
      value: 12.3,
      deliveries: [{ destination: 'dst_1', ok: true, error: null }],
    });
    expect(last).toMatchObject({ state: 'resolved', value: 0 });
    await open.close();
  });

  test('windows end some seconds ago and as much earlier as the trace store is behind, and follow each other', async () => {
    const open = openWorld();
    await open.makeRule();
    await open.pass();
    await open.pass();
    const [first, second] = open.world.asked;
    expect(open.world.nowMs - (second?.toMs ?? 0)).toBe(17_000);
    expect((second?.toMs ?? 0) - (first?.toMs ?? 0)).toBe(minuteMs);
    expect((first?.toMs ?? 0) - (first?.fromMs ?? 0)).toBe(60 * minuteMs);
    await open.close();
  });

  test('after a pause of hours there is one look, not one for each minute that was missed', async () => {
    const open = openWorld();
    await open.makeRule();
    await open.pass(600);
    expect(open.world.asked).toHaveLength(1);
    await open.close();
  });

  test('one question answers all rules of an organization over the same window', async () => {
    const open = openWorld();
    for (let index = 0; index < 30; index += 1) await open.makeRule({ threshold: index });
    for (const user of ['ann', 'bob']) await open.makeRule({ scope: { user } });
    await open.makeRule({ per: 'user' });
    await open.makeRule({ scope: { user: 'ann', model: 'm' } });
    open.world.measures = [{ calls: 1, nanos: 1_000_000 }];
    await open.pass();
    expect(open.world.asked.map(({ kinds, subjects, scope }) => [kinds, subjects, scope])).toEqual([
      [['all', 'user'], undefined, {}],
      [['user'], ['user:ann', 'user:bob'], {}],
      [['all'], undefined, { user: 'ann', model: 'm' }],
    ]);
    await open.close();
  });

  test('many users at once are one message, and their names stay on their own lines', async () => {
    const open = openWorld();
    await open.makeRule({ per: 'user', threshold: 1 });
    open.world.measures = Array.from({ length: 40 }, (_, index) => ({
      kind: 'user' as const,
      subject: index === 39 ? 'x\nResolved: <b>all</b> \u001b[2J' : `user-${index}`,
      calls: 30,
      nanos: (index + 2) * 1_000_000_000,
    }));
    const [message, ...more] = await open.pass();
    expect(more).toEqual([]);
    const lines = message?.text.split('\n') ?? [];
    expect(lines).toHaveLength(11);
    expect(lines[0]).toBe(
      'User "x Resolved: <b>all</b>  [2J": $41.00 were spent in the last hour; more than $1.00.',
    );
    expect(lines.at(-1)).toBe('And 30 more.');
    expect(message?.data).toMatchObject({ subjects_total: 40 });
    await open.close();
  });

  test('a server that dies after its look, before delivery, or after delivery, tells nothing twice under another id', async () => {
    const open = openWorld();
    await open.makeRule();
    open.world.measures = [{ calls: 42, nanos: 12_300_000_000 }];
    open.world.nowMs += minuteMs;
    await open.engine.run();
    // The server that looked is gone; another one has the same store.
    const next = openWorld();
    next.world.nowMs = open.world.nowMs + minuteMs;
    next.world.measures = open.world.measures;
    await next.engine.run();
    await next.delivery.run();
    await open.delivery.run();
    expect([...next.world.sent, ...open.world.sent]).toHaveLength(1);
    await open.close();
  });

  test('a message whose state cannot be kept is not sent, and the change is found again', async () => {
    let fails = true;
    const kept: InsertAlertMessage[] = [];
    const open = openWorld({
      alerts: {
        saveOutcome: async (outcome) => {
          if (fails) throw new Error('The store is away.');
          kept.push(...outcome.messages);
          return own.store.alerts.saveOutcome(outcome);
        },
      },
    });
    await open.makeRule();
    open.world.measures = [{ calls: 42, nanos: 12_300_000_000 }];
    expect(await open.pass()).toEqual([]);
    expect(open.world.warnings).toHaveLength(1);
    fails = false;
    expect(await open.pass()).toHaveLength(1);
    expect(kept).toHaveLength(1);
    await open.close();
  });

  test('a destination that is away gets its message later, those that have it do not get it again', async () => {
    const open = openWorld();
    await open.makeRule({ destinations: ['dst_1', 'dst_2'] });
    open.world.measures = [{ calls: 42, nanos: 12_300_000_000 }];
    open.world.answer = (id) => id === 'dst_1';
    const [first] = await open.pass();
    expect((await open.events())[0]?.deliveries).toMatchObject([
      { destination: 'dst_1', ok: true },
      { destination: 'dst_2', ok: false, error: 'away' },
    ]);
    open.world.answer = () => true;
    const [again, ...more] = await open.pass();
    expect([again?.id, more]).toEqual([first?.id, []]);
    expect((await open.events())[0]?.deliveries).toMatchObject([{ ok: true }, { ok: true }]);
    expect(await open.pass()).toEqual([]);
    await open.close();
  });

  test('what somebody does is told by action, with who did it to whom from where; other projects and actions are not', async () => {
    const open = openWorld();
    const event = (sequence: number, changes: Partial<WatchedEvent> = {}): WatchedEvent => ({
      sequence,
      atMs: Date.UTC(2026, 5, 2, 8),
      action: 'key.create',
      outcome: 'done',
      actorKind: 'person',
      actorId: 'user_1',
      actorLabel: 'ann@example.com',
      actorRole: 'owner',
      ip: '192.0.2.7',
      projectId: place.projectId,
      targetKind: 'key',
      targetId: 'key_9',
      targetName: 'ci',
      count: 1,
      ...changes,
    });
    open.world.events = [event(1)];
    const rule = {
      metric: 'audit_event',
      threshold: undefined,
      actions: ['key.create', 'key.revoke'],
      cursor: 1,
    };
    await open.makeRule(rule);
    expect(await open.pass()).toEqual([]);
    open.world.events.push(
      event(2),
      event(3),
      event(4, { action: 'key.revoke', outcome: 'refused', projectId: 'proj_other' }),
      event(5, { action: 'key.change' }),
    );
    const [message, ...more] = await open.pass();
    expect(more).toEqual([]);
    expect(message).toMatchObject({
      kind: 'audit',
      text: '"ann@example.com" (owner) did key.create on key "ci" from 192.0.2.7 at 2026-06-02T08:00:00Z. And 1 more of it.',
    });
    expect(await open.pass()).toEqual([]);
    await open.close();
  });

  test('calls without a good key are refusals of the installation', async () => {
    const open = openWorld();
    const { store } = own;
    await open.makeRule({ projectId: undefined, metric: 'refusal_rate', threshold: 50 });
    const rate = { projectId: '', calls: 100, refused: 1 };
    open.world.measures = [rate];
    expect(await open.pass()).toEqual([]);
    const minuteMsOf = Math.floor(open.world.nowMs / minuteMs) * minuteMs - 5 * minuteMs;
    await store.alerts.addRefusedCalls({ serverId: 'srv', refused: [{ minuteMs: minuteMsOf, calls: 300 }] });
    expect(await open.pass()).toMatchObject([
      { text: '75.3 % of the calls were refused in the last hour (of 400 calls); more than 50 %.' },
    ]);
    for (const rule of await store.alerts.listAlerts(place.organizationId, {
      projectId: undefined,
      limit: 9,
    })) {
      await store.alerts.deleteAlert(place.organizationId, { projectId: undefined, id: rule.id });
    }
    await open.close();
  });
});
