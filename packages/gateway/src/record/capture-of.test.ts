import { aPrincipal } from '@app/testkit';
import { expect, test } from 'vitest';
import type { Capture } from '../ports.ts';
import { isCaptured, redactedIfAsked, tightestCapture } from './capture-of.ts';

const KINDS: readonly Capture[] = ['full', 'redacted', 'metadata'];

test('a call may ask to have less kept than its project keeps, never more', () => {
  for (const [most, project] of KINDS.entries())
    for (const [wished, wish] of KINDS.entries())
      expect(tightestCapture(project, wish)).toBe(KINDS[Math.max(most, wished)]);
  for (const project of KINDS) {
    expect(tightestCapture(project, undefined)).toBe(project);
    expect(tightestCapture(project, '')).toBe(project);
    expect(tightestCapture(project, 'everything')).toBe('metadata');
  }
});

test('what is kept of a redacted call is marked, and so is one of which its caller wants still less', () => {
  const principal = aPrincipal({ capture: 'redacted' });
  for (const wish of [{}, { capture: 'full' }, { capture: 'redacted' }]) {
    expect(isCaptured({ principal, ...wish })).toBe(true);
    expect(redactedIfAsked({ principal, ...wish })).toEqual({ mustRedact: true });
  }
  expect(isCaptured({ principal, capture: 'metadata' })).toBe(false);
  expect(redactedIfAsked({ principal, capture: 'metadata' })).toEqual({ mustRedact: true });
  expect(redactedIfAsked({ principal: aPrincipal(), capture: 'redacted' })).toEqual({ mustRedact: true });
  expect(redactedIfAsked({ principal: aPrincipal() })).toEqual({});
  expect(redactedIfAsked({ principal: aPrincipal({ capture: 'metadata' }) })).toEqual({});
});
