import type { Alert, AlertEvent, Permission } from '@app/contract';
import { expect, test } from 'vitest';
import { alertsFor, eventsFor, refuseUnheard } from './audit-texts.ts';

const auditor = { permissions: new Set<Permission>(['analytics:read', 'audit:read']) };
const member = { permissions: new Set<Permission>(['analytics:read']) };
const secret = 'ada@example.com (owner) did member.remove on member "eve@example.com" from 203.0.113.9';

const firing = [{ subject: 'member.remove', value: 1, since: '2026-01-01T00:00:00Z', explanation: secret }];
const ruleOf = (metric: Alert['metric']): Alert => ({
  ...{ id: 'alr_1', project_id: null, name: 'n', metric, scope: {}, per: 'all', direction: 'above' },
  ...{ threshold: null, window_minutes: 60, calls_min: 0, cooldown_minutes: 60, severity: 'warning' },
  ...{ destinations: [], actions: [], enabled: true, state: 'firing', state_since: '2026-01-01T00:00:00Z' },
  ...{ firing, value: 1, checked_at: null, created_at: '2026-01-01T00:00:00Z', created_by: null },
});
const eventOf = (metric: AlertEvent['metric']): AlertEvent => ({
  ...{
    id: 'ale_1',
    alert_id: 'alr_1',
    alert_name: 'n',
    metric,
    severity: 'warning',
    subject: 'member.remove',
  },
  ...{ state: 'firing', value: 1, threshold: null, at: '2026-01-01T00:00:00Z', explanation: secret },
  deliveries: [],
});
const page = <T>(...data: T[]) => ({ data, next_cursor: null });

test('what alerts tell of the audit log is for those who may read it, and nothing else is hidden', () => {
  const alerts = page(ruleOf('audit_event'), ruleOf('spend'));
  const events = page(eventOf('audit_event'), eventOf('spend'));
  expect([alertsFor(auditor, alerts), eventsFor(auditor, events)]).toEqual([alerts, events]);
  const [hiddenRule, shownRule] = alertsFor(member, alerts).data;
  const [hiddenEvent, shownEvent] = eventsFor(member, events).data;
  expect([shownRule, shownEvent]).toEqual([ruleOf('spend'), eventOf('spend')]);
  expect(JSON.stringify([hiddenRule, hiddenEvent])).not.toMatch(/@|203\.0/);
  expect(hiddenEvent).toMatchObject({ subject: 'member.remove', value: 1 });
});

test('a rule on the audit log is written by those who may read it', () => {
  expect(() => refuseUnheard(member, { metric: 'audit_event' })).toThrow('audit:read');
  expect(() => refuseUnheard(member, { metric: 'spend' })).not.toThrow();
  expect(() => refuseUnheard(auditor, { metric: 'audit_event' })).not.toThrow();
});
