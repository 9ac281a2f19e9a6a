import { AuditAction } from '@app/contract';
import { expect, test } from 'vitest';
import { auditText } from './audit-text.ts';

test('every action has words without dots and underscores', () => {
  for (const action of AuditAction.options) expect(auditText(action)).toMatch(/^[a-zA-Z][a-zA-Z -]+$/);
});

test('an action is said as what somebody did', () => {
  expect(auditText('key.create')).toBe('created the API key');
  expect(auditText('budget.grant')).toBe('gave more to the budget');
  expect(auditText('session.sign_in_failed')).toBe('could not sign in');
});
