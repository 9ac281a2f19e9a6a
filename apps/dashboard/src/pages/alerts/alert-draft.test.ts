import { NewAlert } from '@app/contract';
import { expect, test } from 'vitest';
import { draftOf, isComplete, requestOf, thresholdProblem } from './alert-draft.ts';

const empty = draftOf(undefined);

test('a new rule needs a name and a bound', () => {
  expect(isComplete(empty)).toBe(false);
  expect(isComplete({ ...empty, name: 'Costs', threshold: '5' })).toBe(true);
  expect(isComplete({ ...empty, name: 'Costs', threshold: 'five' })).toBe(false);
  expect(isComplete({ ...empty, name: 'Networks', metric: 'new_address' })).toBe(true);
});

test('what is sent is what the server takes, whatever was typed for another metric before', () => {
  const draft = {
    ...empty,
    name: ' Costs ',
    threshold: '2,5',
    per: 'user' as const,
    actions: ['key.create'],
  };
  expect(NewAlert.parse(requestOf(draft))).toMatchObject({
    name: 'Costs',
    threshold: 2.5,
    per: 'user',
    actions: [],
  });
  const watching = NewAlert.parse(requestOf({ ...draft, metric: 'audit_event' }));
  expect(watching).toMatchObject({ per: 'all', actions: ['key.create'] });
  expect(watching.threshold).toBeUndefined();
});

test('a rate is at most a hundred percent', () => {
  expect(thresholdProblem({ ...empty, metric: 'error_rate', threshold: '101' })).toMatch(/100/);
  expect(thresholdProblem({ ...empty, metric: 'latency_p95', threshold: '2000' })).toBeUndefined();
});
