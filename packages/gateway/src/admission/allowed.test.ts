import { anAnthropicTarget, aPrincipal, aTarget } from '@app/testkit';
import { describe, expect, test } from 'vitest';
import { isAllowed, listAllowed, notAllowed } from './allowed.ts';

const target = aTarget({ model: 'gpt-4o-2026' });

test.each([
  [{}, true],
  [{ models: [] }, false],
  [{ models: ['fast'] }, true],
  [{ models: ['gpt-4o-2026'] }, true],
  [{ models: ['openai/gpt-4o-2026'] }, true],
  [{ models: ['gpt-4o'] }, false],
  [{ models: ['gpt-4o*'] }, true],
  [{ models: ['openai/*'] }, true],
  [{ models: ['anthropic/*'] }, false],
  [{ models: ['*'] }, true],
  [{ providers: ['openai'] }, true],
  [{ providers: ['anthropic'] }, false],
  [{ providers: [] }, false],
  [{ models: ['fast'], providers: ['anthropic'] }, false],
])('a key confined to %o may call openai/gpt-4o-2026 by the name fast: %s', (allowed, expected) => {
  expect(isAllowed({ allowed }, 'fast', target)).toBe(expected);
});

describe('what a key may not call', () => {
  test('is told by its provider where that is the reason, else by its model', () => {
    const targets = [target];
    const byProvider = notAllowed({ allowed: { providers: ['x'], models: ['y'] } }, 'fast', targets);
    expect(byProvider).toMatchObject({ code: 'provider_not_allowed', status: 403 });
    const byModel = notAllowed({ allowed: { models: ['y'] } }, 'fast', targets);
    expect(byModel).toMatchObject({ code: 'model_not_allowed', status: 403, detail: { retryable: false } });
    expect(byModel.message).toContain('`fast`');
  });

  test('is not listed either, and a key that may call everything gets the list itself', () => {
    const models = [{ id: 'gpt' }, { id: 'claude' }, { id: 'mixed' }];
    const served = { gpt: [target], claude: [anAnthropicTarget()], mixed: [anAnthropicTarget(), target] };
    const find = (model: string) => Object.entries(served).find(([name]) => name === model)?.[1] ?? [];
    const ids = (allowed: object) => listAllowed(aPrincipal({ allowed }), models, find).map(({ id }) => id);
    expect(listAllowed(aPrincipal(), models, find)).toBe(models);
    expect(ids({ providers: ['openai'] })).toEqual(['gpt', 'mixed']);
    expect(ids({ models: ['claude'] })).toEqual(['claude']);
    expect(ids({ models: [] })).toEqual([]);
  });
});
