import type { JsonObject } from '@app/protocol';
import { expect, test } from 'vitest';
import { changed, lost, sendTo } from '../../test/send-to.ts';

const fromAfar = (model: string, body: JsonObject) =>
  sendTo('anthropic', { max_tokens: 8_192, ...body }, { model, caller: 'openai-chat' });

test('newer models refuse sampling (platform.claude.com/docs/en/about-claude/models/migration-guide)', () => {
  const asked = { temperature: 0.2, top_k: 5 };
  for (const model of ['claude-opus-4-7', 'claude-sonnet-5', 'claude-haiku-5-5', 'claude-fable-5-1']) {
    expect(fromAfar(model, asked)).toEqual({
      body: { max_tokens: 8_192 },
      losses: lost('top_k', 'temperature'),
    });
  }
  expect(fromAfar('claude-opus-4-6', asked).losses).toEqual([]);
  expect(fromAfar('claude-opus-4-7', { temperature: 1 }).losses).toEqual([]);
});

test('a budget is left to a model that refuses budgets (\u2026/docs/en/build-with-claude/adaptive-thinking)', () => {
  const thinking = { type: 'enabled', budget_tokens: 2_048 };
  expect(fromAfar('claude-opus-4-7', { thinking })).toEqual({
    body: { max_tokens: 8_192, thinking: { type: 'adaptive' }, output_config: { effort: 'low' } },
    losses: changed('thinking'),
  });
  expect(fromAfar('claude-opus-4-6', { thinking }).losses).toEqual([]);
});

test('an effort becomes a budget where a model knows budgets alone, with room for the answer (\u2026/extended-thinking)', () => {
  const asked = { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } };
  expect(fromAfar('claude-sonnet-4-5', asked)).toEqual({
    body: { max_tokens: 8_192, thinking: { type: 'enabled', budget_tokens: 7_168 } },
    losses: changed('thinking'),
  });
  expect(fromAfar('claude-haiku-4-5', { ...asked, max_tokens: 1_500 })).toEqual({
    body: { max_tokens: 1_500 },
    losses: lost('thinking'),
  });
  expect(fromAfar('claude-sonnet-4-6', asked).losses).toEqual([]);
});

test('an effort that a generation does not know becomes the nearest one (\u2026/docs/en/build-with-claude/effort)', () => {
  const asked = { thinking: { type: 'adaptive' }, output_config: { effort: 'xhigh' } };
  expect(fromAfar('claude-opus-4-6', asked)).toEqual({
    body: { max_tokens: 8_192, thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
    losses: changed('output_config.effort'),
  });
  expect(fromAfar('claude-opus-4-7', asked).losses).toEqual([]);
});

test('a model that always thinks cannot be told not to, nor be made to use a tool', () => {
  const asked = { thinking: { type: 'disabled' }, tool_choice: { type: 'tool', name: 'f' } };
  expect(fromAfar('claude-opus-5-5', asked)).toEqual({
    body: { max_tokens: 8_192, output_config: { effort: 'low' }, tool_choice: { type: 'auto' } },
    losses: [...lost('thinking'), ...changed('tool_choice')],
  });
  expect(fromAfar('claude-opus-5', asked).losses).toEqual([]);
});

test('no more tokens are asked for than a model gives (\u2026/docs/en/about-claude/models/overview)', () => {
  const most = (model: string) => fromAfar(model, { max_tokens: 200_000 });
  expect(most('claude-sonnet-4-5-20250929')).toEqual({
    body: { max_tokens: 64_000 },
    losses: [{ path: 'max_tokens', why: 'lowered' }],
  });
  expect(most('claude-opus-4-1-20250805').body).toEqual({ max_tokens: 32_000 });
  expect(most('claude-opus-4-7').body).toEqual({ max_tokens: 128_000 });
  expect(most('a-model-of-tomorrow').losses).toEqual([]);
});

test('a caller of Anthropic\u2019s own dialect gets Anthropic\u2019s own answer', () => {
  const body = { max_tokens: 200_000, temperature: 0.1, thinking: { type: 'enabled', budget_tokens: 9 } };
  expect(sendTo('anthropic', body, { model: 'claude-opus-4-7', caller: 'anthropic-messages' })).toEqual({
    body,
    losses: [],
  });
});
