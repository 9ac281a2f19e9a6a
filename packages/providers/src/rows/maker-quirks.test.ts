import { expect, test } from 'vitest';
import { changed, lost, sendTo } from '../../test/send-to.ts';

test('Mistral answers 422 to a field that its schema lacks, and sends usage unasked (docs.mistral.ai/api)', () => {
  const { body, losses } = sendTo('mistral', {
    max_completion_tokens: 9,
    seed: 7,
    user: 'ann',
    stream_options: { include_usage: true },
    messages: [{ role: 'developer', content: 'Be kind.' }],
  });
  expect(body).toEqual({
    max_tokens: 9,
    random_seed: 7,
    messages: [{ role: 'system', content: 'Be kind.' }],
  });
  expect(losses).toEqual(lost('user'));
});

test('xAI answers 400 to penalties, and its reasoning models to stop sequences (docs.x.ai/developers/rest-api-reference)', () => {
  const asked = { presence_penalty: 0, frequency_penalty: 0.1, stop: ['x'], reasoning_effort: 'low' };
  expect(sendTo('xai', asked, { model: 'grok-4.3' })).toEqual({
    body: { reasoning_effort: 'low' },
    losses: lost('stop', 'frequency_penalty'),
  });
  expect(sendTo('xai', asked, { model: 'grok-4.20-non-reasoning' })).toEqual({
    body: { stop: ['x'] },
    losses: lost('reasoning_effort', 'frequency_penalty'),
  });
  expect(sendTo('xai', { reasoning_effort: 'medium' }, { model: 'grok-3-mini' }).body).toEqual({
    reasoning_effort: 'high',
  });
});

test('Meta takes no stop sequence, forces no tool and always reasons (dev.meta.ai/docs)', () => {
  const asked = { stop: ['x'], tool_choice: 'required', reasoning_effort: 'none', tools: [] };
  expect(sendTo('meta', asked)).toEqual({
    body: { reasoning_effort: 'minimal', tools: [] },
    losses: [...changed('reasoning_effort'), ...lost('stop', 'tool_choice')],
  });
  expect(sendTo('meta', { tool_choice: 'auto' }).losses).toEqual([]);
});

test('Cohere thinks or does not (docs.cohere.com/docs/compatibility-api)', () => {
  expect(sendTo('cohere', { reasoning_effort: 'medium', max_completion_tokens: 5 })).toEqual({
    body: { reasoning_effort: 'high', max_tokens: 5 },
    losses: changed('reasoning_effort'),
  });
});

test('Kimi models sample as they choose, and each generation thinks in its own words (platform.kimi.ai/docs/api/chat)', () => {
  const asked = { temperature: 0.3, n: 1, reasoning_effort: 'none' };
  expect(sendTo('moonshotai', asked, { model: 'kimi-k2.6' })).toEqual({
    body: { thinking: { type: 'disabled' } },
    losses: lost('temperature'),
  });
  expect(sendTo('moonshotai', { reasoning_effort: 'medium' }, { model: 'kimi-k3' }).body).toEqual({
    reasoning_effort: 'high',
  });
  expect(sendTo('moonshotai', { temperature: 1.4 }, { model: 'moonshot-v1-8k' }).body).toEqual({
    temperature: 1,
  });
});

test('makers who have a switch for thinking get it, and a caller\u2019s own switch stays', () => {
  // https://docs.z.ai/guides/capabilities/thinking
  expect(sendTo('zai', { reasoning_effort: 'high' })).toEqual({
    body: { thinking: { type: 'enabled' } },
    losses: changed('reasoning_effort'),
  });
  // https://api-docs.deepseek.com/guides/thinking_mode
  expect(sendTo('deepseek', { reasoning_effort: 'high' })).toEqual({
    body: { thinking: { type: 'enabled' }, reasoning_effort: 'high' },
    losses: [],
  });
  expect(sendTo('deepseek', { reasoning_effort: 'none' })).toEqual({
    body: { thinking: { type: 'disabled' } },
    losses: [],
  });
  // https://www.alibabacloud.com/help/en/model-studio/deep-thinking
  expect(sendTo('alibaba', { reasoning_effort: 'none' }).body).toEqual({ enable_thinking: false });
  const own = { thinking: { type: 'enabled' }, reasoning_effort: 'low' };
  expect(sendTo('zai', own).body).toEqual(own);
});

test('Inception\u2019s quickest effort has a name of its own (docs.inceptionlabs.ai/capabilities/reasoning-efforts)', () => {
  expect(sendTo('inception', { reasoning_effort: 'none' }).body).toEqual({ reasoning_effort: 'instant' });
});

test('Gemini has had no penalties since 2.5, which only strangers are spared to find out (ai.google.dev/api/generate-content)', () => {
  const body = { generationConfig: { frequencyPenalty: 0.2, presencePenalty: 0, topP: 0.5 } };
  expect(sendTo('google', body, { model: 'gemini-2.5-pro' })).toEqual({
    body: { generationConfig: { topP: 0.5 } },
    losses: lost('generationConfig.frequencyPenalty'),
  });
  expect(sendTo('google', body, { model: 'gemini-2.5-pro', caller: 'gemini' }).body).toEqual(body);
});
