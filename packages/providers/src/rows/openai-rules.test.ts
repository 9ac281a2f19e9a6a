import type { JsonObject } from '@app/protocol';
import { expect, test } from 'vitest';
import { changed, lost, sendTo } from '../../test/send-to.ts';
import { findWay } from '../find-way.ts';
import { providerRow } from '../provider-row.ts';

/** What a foreign caller's chat completion becomes where the row speaks chat completions alone. */
const fromAfar = (model: string, body: JsonObject) => {
  const provider = providerRow({ id: 'openai', dialect: 'openai-chat' });
  return sendTo('openai', body, { model, caller: 'anthropic-messages', provider });
};
const way = (model: string, dialect: 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'gemini') =>
  findWay(providerRow({ id: 'openai' }), { dialect, model }).dialect;

test('models that only Responses serves are reached there, whoever calls (developers.openai.com, each model\u2019s page)', () => {
  for (const model of ['o1-pro', 'o3-pro-2025-06-10', 'gpt-5-pro', 'gpt-5.1-codex-max', 'o3-deep-research']) {
    expect(way(model, 'openai-chat'), model).toBe('openai-responses');
    expect(way(model, 'anthropic-messages'), model).toBe('openai-responses');
  }
  expect(way('gpt-3.5-turbo-instruct', 'openai-chat')).toBe('openai-completions');
});

test('a caller of OpenAI\u2019s keeps its own dialect; others go where a reasoning model\u2019s thoughts are kept', () => {
  expect(way('gpt-5.4', 'openai-chat')).toBe('openai-chat');
  expect(way('gpt-4o', 'openai-responses')).toBe('openai-responses');
  expect(way('gpt-5.4', 'gemini')).toBe('openai-responses');
  expect(way('gpt-4o', 'anthropic-messages')).toBe('openai-chat');
});

test('a reasoning model refuses sampling, penalties, stops and log probabilities (platform.openai.com/docs/guides/reasoning)', () => {
  const asked = {
    temperature: 0.2,
    top_p: 0.9,
    frequency_penalty: 0.5,
    presence_penalty: 0,
    logprobs: true,
    stop: ['x'],
    max_completion_tokens: 9,
  };
  expect(fromAfar('gpt-5', asked)).toEqual({
    body: { max_completion_tokens: 9 },
    losses: lost('logprobs', 'temperature', 'top_p', 'frequency_penalty', 'stop'),
  });
  expect(fromAfar('gpt-4o', asked)).toEqual({ body: asked, losses: [] });
  expect(fromAfar('gpt-5-chat-latest', asked).losses).toEqual([]);
  expect(sendTo('openai', asked, { model: 'gpt-5' })).toEqual({ body: asked, losses: [] });
});

test('it samples as asked where it is told not to reason (developers.openai.com/api/docs/guides/latest-model)', () => {
  const asked = { temperature: 0.2, reasoning_effort: 'none' };
  expect(fromAfar('gpt-5.4', asked)).toEqual({ body: asked, losses: [] });
  expect(fromAfar('gpt-5.4', { temperature: 0.2, reasoning_effort: 'low' }).losses).toEqual(
    lost('temperature'),
  );
  expect(fromAfar('gpt-6-sol', { temperature: 0.2 }).losses).toEqual(lost('temperature'));
});

test('an effort that a family does not know becomes the nearest one (the reasoning table of each model\u2019s page)', () => {
  const effort = (model: string, reasoning_effort: string) => fromAfar(model, { reasoning_effort });
  expect(effort('o3', 'xhigh')).toEqual({
    body: { reasoning_effort: 'high' },
    losses: changed('reasoning_effort'),
  });
  expect(effort('gpt-5', 'none').body).toEqual({ reasoning_effort: 'minimal' });
  expect(effort('gpt-5.1', 'minimal').body).toEqual({ reasoning_effort: 'low' });
  expect(effort('gpt-5.1', 'none').losses).toEqual([]);
  expect(effort('gpt-5.4', 'xhigh').losses).toEqual([]);
  expect(effort('gpt-4o', 'high')).toEqual({ body: {}, losses: lost('reasoning_effort') });
});

test('the same rules hold for Responses in its own words', () => {
  const body = { reasoning: { effort: 'max' }, temperature: 0.1, include: ['message.output_text.logprobs'] };
  expect(sendTo('openai', body, { model: 'gpt-5.2', caller: 'gemini' })).toEqual({
    body: { reasoning: { effort: 'xhigh' }, include: ['message.output_text.logprobs'] },
    losses: [...changed('reasoning.effort'), ...lost('temperature')],
  });
  const provider = providerRow({ id: 'openai', dialect: 'openai-responses' });
  const sealed = { reasoning: { effort: 'low' }, include: ['reasoning.encrypted_content'] };
  expect(sendTo('openai', sealed, { model: 'gpt-4o', caller: 'gemini', provider })).toEqual({
    body: { include: [] },
    losses: lost('reasoning'),
  });
  expect(sendTo('openai', body, { model: 'gpt-6-sol', caller: 'gemini' }).losses).toEqual(
    lost('temperature', 'include[]'),
  );
  expect(sendTo('openai', body, { model: 'gpt-5.2', caller: 'openai-responses' }).losses).toEqual([]);
});
