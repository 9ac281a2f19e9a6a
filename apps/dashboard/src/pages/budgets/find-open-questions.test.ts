import type { Budget, BudgetNotice } from '@app/contract';
import { expect, test } from 'vitest';
import { findOpenQuestions } from './find-open-questions.ts';

const NOW_MS = Date.parse('2026-06-15T00:00:00Z');
const START = '2026-06-01T00:00:00Z';
const money = { nanos: 1_000_000_000, usd: '1' };

const budget: Budget = {
  id: 'budget_1',
  project_id: 'proj_1',
  name: 'launch',
  scope: { kind: 'project', id: 'proj_1' },
  period: 'month',
  amount_usd: '1',
  amount: money,
  action: { kind: 'ask' },
  warn_percents: [],
  mode: 'normal',
  carry_over: false,
  enforcement: 'enforce',
  owner: 'grace@example.com',
  source: 'api',
  created_at: START,
  created_by: null,
  states: [
    {
      subject: '',
      period_start: START,
      period_end: '2026-07-01T00:00:00Z',
      available: money,
      spent: money,
      reserved: { nanos: 0, usd: '0' },
      projected: money,
      status: 'exhausted',
    },
  ],
};
const asked: BudgetNotice = {
  id: 'notice_1',
  budget_id: 'budget_1',
  subject: '',
  period_start: START,
  kind: 'asked',
  percent: null,
  spent: money,
  available: money,
  told: ['grace@example.com'],
  created_at: START,
  answer: null,
};
const answer = { kind: 'declined' as const, answered_at: START, answered_by: null, reason: null };

test('what a budget asked in this period is open until somebody answers', () => {
  expect(findOpenQuestions([asked], [budget], NOW_MS)).toEqual([{ notice: asked, budget }]);
  expect(findOpenQuestions([{ ...asked, answer }], [budget], NOW_MS)).toEqual([]);
});

test.each<[string, Partial<BudgetNotice>]>([
  ['is no question', { kind: 'exhausted' }],
  ['was asked in an earlier period', { period_start: '2026-05-01T00:00:00Z' }],
  ['was asked by a budget that is gone', { budget_id: 'budget_2' }],
])('what %s is not open', (_what, changed) => {
  expect(findOpenQuestions([{ ...asked, ...changed }], [budget], NOW_MS)).toEqual([]);
});

test('a period that ended while the page was open takes its question with it', () => {
  expect(findOpenQuestions([asked], [budget], Date.parse('2026-07-01T00:00:00Z'))).toEqual([]);
});
