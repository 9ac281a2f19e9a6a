import { beforeAll, expect, test } from 'vitest';
import { describeOnEveryPostgres } from '../../test/postgres-engines.ts';
import { insertTenant, keyOf } from '../../test/tenants.ts';
import { type AlertTables, alertTables } from './alert-tables.ts';
import type { Postgres } from './open-postgres.ts';
import type { InsertAlert } from './queries/insert-alert.ts';
import { insertKey } from './queries/insert-key.ts';
import { withLoneLock } from './with-lone-lock.ts';

const may = Date.UTC(2026, 4, 1);
const minuteMs = 60_000;
const dayMs = 86_400_000;

function alertOf(name: string, index: number, changes: Partial<InsertAlert> = {}): InsertAlert {
  return {
    id: `alert_${name}_${index}`,
    projectId: `proj_${name}`,
    name: `rule ${index}`,
    metric: 'spend',
    scope: {},
    per: 'all',
    direction: 'above',
    threshold: 10,
    windowMinutes: 60,
    callsMin: 20,
    cooldownMinutes: 60,
    severity: 'warning',
    destinations: ['dst_1'],
    actions: [],
    isEnabled: true,
    createdAtMs: may + index,
    createdBy: undefined,
    cursor: undefined,
    installationCursor: undefined,
    ...changes,
  };
}

describeOnEveryPostgres('alerts', (engine) => {
  let db: Postgres;
  let alerts: AlertTables;
  beforeAll(async () => {
    db = await engine.open();
    for (const name of ['a', 'b', 'c']) await insertTenant(db, name);
    await insertKey(db)('proj_c', keyOf('c', 1));
    await insertKey(db)('proj_c', keyOf('c', 2));
    alerts = alertTables(db).alerts;
  });

  const saved = (id: string, changes: object = {}) => ({
    standing: {
      id,
      revision: 1,
      checkedBeforeMs: undefined as number | undefined,
      state: 'firing' as const,
      stateSinceMs: may,
      value: 12,
      checkedAtMs: may + minuteMs,
      cursor: undefined,
      installationCursor: undefined,
      ...changes,
    },
    subjects: [
      {
        subject: 'key_1',
        isFiring: true,
        sinceMs: may,
        value: 12,
        toldAtMs: may,
        isTold: true,
        heldUntilMs: undefined,
        explanation: 'too much',
      },
    ],
    events: [
      {
        id: `${id}_event`,
        organizationId: 'org_a',
        projectId: 'proj_a',
        alertId: id,
        alertName: 'rule',
        metric: 'spend' as const,
        severity: 'warning' as const,
        subject: 'key_1',
        state: 'firing' as const,
        value: 12,
        threshold: 10,
        atMs: may,
        explanation: 'too much',
        messageId: `${id}_message`,
      },
    ],
    messages: [
      {
        id: `${id}_message`,
        organizationId: 'org_a',
        alertId: id,
        message: { title: 'hello' },
        destinations: ['dst_1', 'dst_2'],
        createdAtMs: may,
      },
    ],
  });

  test('a rule comes back as it was put in, to its own place alone', async () => {
    const rule = alertOf('a', 1, { scope: { keyId: 'k', user: 'u', model: 'm', provider: 'p' } });
    const { id, projectId } = await alerts.insertAlert('org_a', rule);
    expect(await alerts.findAlert('org_a', { projectId, id })).toMatchObject({
      ...rule,
      organizationId: 'org_a',
      state: 'ok',
      revision: 1,
    });
    for (const [organization, place] of [
      ['org_b', 'proj_a'],
      ['org_a', 'proj_b'],
      ['org_a', undefined],
    ] as const) {
      expect(await alerts.findAlert(organization, { projectId: place, id })).toBeUndefined();
      expect(await alerts.deleteAlert(organization, { projectId: place, id })).toBeUndefined();
      expect(await alerts.listAlerts(organization, { projectId: place, limit: 5 })).toEqual([]);
      const change = {
        projectId: place,
        id,
        rule,
        revision: 1,
        cursor: 1,
        installationCursor: 1,
        nowMs: may,
        startsAnew: true,
      };
      expect(await alerts.updateAlert(organization, change)).toBeUndefined();
    }
    await expect(alerts.insertAlert('org_b', alertOf('a', 2))).rejects.toMatchObject({ code: 'conflict' });
  });

  test('what a look found out is kept whole, or not at all when the rule changed or another server looked', async () => {
    const rule = alertOf('a', 3);
    await alerts.insertAlert('org_a', rule);
    expect(await alerts.saveOutcome(saved(rule.id, { revision: 2 }))).toBe(false);
    expect((await alerts.listAlertSubjects({ alertIds: [rule.id] })).size).toBe(0);
    expect(await alerts.saveOutcome(saved(rule.id))).toBe(true);
    expect(await alerts.saveOutcome(saved(rule.id))).toBe(false);
    const { events } = await alerts.listAlertEvents('org_a', {
      projectId: 'proj_a',
      alertId: rule.id,
      limit: 9,
    });
    expect(events).toMatchObject([{ ...saved(rule.id).events[0], deliveries: [] }]);
    expect((await alerts.listAlertSubjects({ alertIds: [rule.id] })).get(rule.id)).toEqual(
      saved(rule.id).subjects,
    );
    const change = { projectId: 'proj_a', id: rule.id, rule: { ...rule, threshold: 99 }, revision: 1 };
    const changed = await alerts.updateAlert('org_a', {
      ...change,
      cursor: 7,
      installationCursor: 9,
      nowMs: may + 5,
      startsAnew: true,
    });
    expect(changed).toMatchObject({
      threshold: 99,
      revision: 2,
      state: 'ok',
      cursor: 7,
      installationCursor: 9,
      value: undefined,
    });
    expect((await alerts.listAlertSubjects({ alertIds: [rule.id] })).size).toBe(0);
    expect(
      await alerts.updateAlert('org_a', {
        ...change,
        cursor: 7,
        installationCursor: 9,
        nowMs: may,
        startsAnew: false,
      }),
    ).toBeUndefined();
  });

  test('the table itself refuses a threshold where there is none, and none where there is one', async () => {
    for (const [index, wrong] of [
      { threshold: undefined },
      { metric: 'anomaly' as const },
      { windowMinutes: 0 },
      { projectId: 'proj_b' },
    ].entries()) {
      await expect(alerts.insertAlert('org_a', alertOf('a', 20 + index, wrong))).rejects.toMatchObject({
        code: 'conflict',
      });
    }
  });

  test('a message is taken by one server, comes again when that one dies, and no more once everybody has it', async () => {
    const rule = alertOf('b', 4);
    await alerts.insertAlert('org_b', rule);
    const later = may + dayMs;
    const outcome = saved(rule.id);
    outcome.messages = outcome.messages.map((each) => ({ ...each, createdAtMs: later }));
    await alerts.saveOutcome(outcome);
    const claim = (nowMs: number) =>
      alerts
        .claimAlertMessages({ nowMs, againMs: nowMs + minuteMs, limit: 50 })
        .then((found) => found.filter(({ id }) => id === `${rule.id}_message`));
    expect(await claim(later - 1)).toEqual([]);
    const both = await Promise.all([claim(later), claim(later)]);
    expect(both.flat()).toMatchObject([
      { destinations: ['dst_1', 'dst_2'], attempts: 1, message: { title: 'hello' } },
    ]);
    expect(await claim(later + 1)).toEqual([]);
    expect(await claim(later + minuteMs)).toMatchObject([{ attempts: 2 }]);
    const delivery = { destination: 'dst_1', name: 'hook', ok: true, error: null };
    await alerts.saveAlertDeliveries({
      id: `${rule.id}_message`,
      deliveries: [delivery],
      destinations: ['dst_2'],
      nextAtMs: later + 2 * minuteMs,
    });
    expect(await claim(later + 2 * minuteMs)).toMatchObject([
      { destinations: ['dst_2'], deliveries: [delivery] },
    ]);
    await alerts.saveAlertDeliveries({
      id: `${rule.id}_message`,
      deliveries: [delivery],
      destinations: [],
      nextAtMs: 0,
    });
    expect(await claim(later + dayMs)).toEqual([]);
    expect(await alerts.deleteOldAlertEvents({ beforeMs: may + 1, limit: 100 })).toBeGreaterThan(0);
  });

  test('a new range of a key is news once the key is past its first day, once, and the oldest use is never forgotten', async () => {
    const note = (keyId: string, range: string, atMs: number) =>
      alerts.noteKeyAddresses({
        addresses: [{ keyId, range, ip: range.split('/')[0] ?? '', atMs }],
        learningMs: dayMs,
      });
    const news = async () =>
      (await alerts.listAddressNews('org_c', { after: 0, limit: 999 })).map(
        ({ keyId, range }) => `${keyId} ${range}`,
      );
    await note('key_c_1', '192.0.2.0/24', may);
    await note('key_c_1', '198.51.100.0/24', may + minuteMs);
    expect(await news()).toEqual([]);
    await note('key_c_1', '192.0.2.0/24', may + 2 * dayMs);
    expect(await news()).toEqual([]);
    await note('key_c_1', '203.0.113.0/24', may + 2 * dayMs);
    await note('key_c_1', '203.0.113.0/24', may + 2 * dayMs + 1);
    await note('key_c_2', '203.0.113.0/24', may + 3 * dayMs);
    await note('key_none', '203.0.113.0/24', may + 3 * dayMs);
    expect(await news()).toEqual(['key_c_1 203.0.113.0/24']);
    expect(await alerts.listAddressNews('org_a', { after: 0, limit: 9 })).toEqual([]);
    const many = Array.from({ length: 300 }, (_, index) => ({
      keyId: 'key_c_1',
      range: `10.${index >> 8}.${index & 255}.0/24`,
      ip: '10.0.0.1',
      atMs: may + 4 * dayMs + index,
    }));
    await alerts.noteKeyAddresses({ addresses: many, learningMs: dayMs });
    const kept = await db.rows<{ range: string }>(
      `select range from key_addresses where key_id = 'key_c_1' order by first_at`,
      [],
    );
    expect([kept.length, kept[0]?.range]).toEqual([201, '192.0.2.0/24']);
    expect(await alerts.findAddressNewsEnd('org_c')).toBeGreaterThanOrEqual(301);
  });

  test('refused calls of several servers add up minute by minute', async () => {
    const add = (serverId: string, minutes: number[]) =>
      alerts.addRefusedCalls({
        serverId,
        refused: minutes.map((minute) => ({ minuteMs: may + minute * minuteMs, calls: 2 })),
      });
    await add('srv_1', [0, 1]);
    await add('srv_2', [1, 2]);
    await add('srv_1', [1]);
    expect(await alerts.sumRefusedCalls({ fromMs: may, toMs: may + 2 * minuteMs })).toBe(8);
  });

  test('one server at a time looks at rules, and another one begins when the first has ended', async () => {
    let ran = 0;
    const count = async () => {
      ran += 1;
    };
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = alerts.alone(async () => {
      ran += 1;
      expect(await alerts.alone(count)).toBe(false);
      resolve();
    });
    await promise;
    expect(await first).toBe(true);
    expect(await alerts.alone(count)).toBe(true);
    expect(ran).toBe(2);
  });

  test('addresses are noted while servers are at what only one of them does', async () => {
    const addresses = [{ keyId: 'key_c_2', range: '233.252.0.0/24', ip: '233.252.0.1', atMs: may }];
    const note = () => alerts.noteKeyAddresses({ addresses, learningMs: dayMs });
    expect(await withLoneLock(db, 'data', note)).toBe(true);
    expect(await withLoneLock(db, 'alerts', note)).toBe(true);
  });
});
