import type { Budget, BudgetState } from '@app/contract';
import { expect, test } from 'vitest';
import { byUrgency, statusText, subjectText } from './budget-text.ts';

const money = (nanos: number) => ({ nanos, usd: String(nanos / 1e9) });
const state = (spent: number, status: BudgetState['status']): BudgetState => ({
  subject: '',
  period_start: '2026-06-01T00:00:00Z',
  period_end: '2026-07-01T00:00:00Z',
  available: money(100),
  spent: money(spent),
  reserved: money(0),
  projected: money(0),
  status,
});
const budget = (name: string, states: BudgetState[]): Budget => ({
  id: name,
  project_id: null,
  name,
  scope: { kind: 'project', id: '*' },
  period: 'month',
  amount_usd: '1',
  amount: money(100),
  action: { kind: 'block' },
  warn_percents: [50, 80, 95],
  mode: 'normal',
  carry_over: false,
  enforcement: 'enforce',
  owner: null,
  source: 'api',
  created_at: '2026-06-01T00:00:00Z',
  created_by: null,
  states,
});

test('budgets that are spent come first, then those that passed a threshold, the fullest of each before the others', () => {
  const budgets = [
    budget('unused', []),
    budget('calm', [state(20, 'ok')]),
    budget('half', [state(10, 'ok'), state(55, 'warned')]),
    budget('spent', [state(100, 'exhausted')]),
    budget('nearly', [state(94, 'warned')]),
  ];
  expect(byUrgency(budgets).map(({ name }) => name)).toEqual(['spent', 'nearly', 'half', 'calm', 'unused']);
});

test('a budget names the highest threshold that it has passed', () => {
  const { warn_percents } = budget('any', []);
  expect(statusText({ warn_percents }, state(10, 'ok'))).toBe('on track');
  expect(statusText({ warn_percents }, state(81, 'warned'))).toBe('past 80 %');
  expect(statusText({ warn_percents: [] }, state(81, 'warned'))).toBe('running low');
  expect(statusText({ warn_percents }, state(100, 'exhausted'))).toBe('spent');
});

test('a key is called by its name where it is known, and everybody else as the application calls them', () => {
  const names = new Map([['key_1', 'checkout']]);
  expect(subjectText('key_1', names)).toBe('checkout');
  expect(subjectText('key_2', names)).toBe('key_2');
  expect(subjectText('ada@example.com', undefined)).toBe('ada@example.com');
});
