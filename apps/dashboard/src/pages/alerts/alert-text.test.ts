import type { Alert } from '@app/contract';
import { expect, test } from 'vitest';
import { alertText, formatMetric, spanText } from './alert-text.ts';

const alert: Alert = {
  id: 'alert_1',
  project_id: 'proj_1',
  name: 'Costs',
  metric: 'spend',
  scope: {},
  per: 'all',
  direction: 'above',
  threshold: 12.5,
  window_minutes: 60,
  calls_min: 20,
  cooldown_minutes: 60,
  severity: 'warning',
  destinations: [],
  actions: [],
  enabled: true,
  state: 'ok',
  state_since: '2026-11-22T10:00:00.000Z',
  firing: [],
  value: 1,
  checked_at: null,
  created_at: '2026-11-22T10:00:00.000Z',
  created_by: null,
};

test('what a rule watches is said in words with its figures', () => {
  expect(alertText(alert)).toBe('Spend above $12.50 in one hour');
  const perUser: Alert = { ...alert, per: 'user', scope: { model: 'gpt-x' }, window_minutes: 1_440 };
  expect(alertText(perUser)).toBe('Spend above $12.50 in one day of each user, gpt-x');
  expect(alertText({ ...alert, metric: 'audit_event', threshold: null, actions: ['key.create'] })).toBe(
    'One of key.create',
  );
});

test('values have the unit of their metric', () => {
  expect(formatMetric('error_rate', 12.3456)).toBe('12.3 %');
  expect(formatMetric('latency_p95', 1_500)).toBe('1.50 s');
  expect(spanText(90)).toBe('90 minutes');
  expect(spanText(2_880)).toBe('2 days');
});
