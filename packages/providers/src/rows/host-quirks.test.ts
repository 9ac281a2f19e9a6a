import { expect, test } from 'vitest';
import { changed, lost, sendTo } from '../../test/send-to.ts';

test('Groq answers 400 to log probabilities, biases, names and more than one choice (console.groq.com/docs/openai)', () => {
  const { body, losses } = sendTo('groq', {
    logprobs: true,
    logit_bias: {},
    n: 2,
    messages: [{ role: 'user', name: 'ann', content: 'hi' }],
  });
  expect(body).toEqual({ messages: [{ role: 'user', content: 'hi' }] });
  expect(losses).toEqual(lost('logprobs', 'messages[].name', 'n'));
});

test('Groq\u2019s families have their own efforts (console.groq.com/docs/reasoning)', () => {
  const effort = (model: string, reasoning_effort: string) => sendTo('groq', { reasoning_effort }, { model });
  expect(effort('openai/gpt-oss-120b', 'xhigh').body).toEqual({ reasoning_effort: 'high' });
  expect(effort('qwen/qwen3-32b', 'low').body).toEqual({ reasoning_effort: 'default' });
  expect(effort('llama-3.3-70b-versatile', 'low').losses).toEqual(lost('reasoning_effort'));
});

test('Cerebras has no developers and a lower ceiling of temperature (inference-docs.cerebras.ai/resources/openai)', () => {
  const messages = [{ role: 'developer', content: 'Be kind.' }];
  expect(sendTo('cerebras', { temperature: 2, messages })).toEqual({
    body: { temperature: 1.5, messages: [{ role: 'system', content: 'Be kind.' }] },
    losses: [{ path: 'temperature', why: 'lowered' }],
  });
});

test('Together knows three efforts and the older name of the output\u2019s maximum (docs.together.ai)', () => {
  expect(sendTo('together', { reasoning_effort: 'max', max_completion_tokens: 5 })).toEqual({
    body: { reasoning_effort: 'high', max_tokens: 5 },
    losses: changed('reasoning_effort'),
  });
});

test('OpenRouter and Vercel keep the effort in an object (openrouter.ai/docs/use-cases/reasoning-tokens)', () => {
  for (const id of ['openrouter', 'vercel-ai-gateway']) {
    expect(sendTo(id, { reasoning_effort: 'low' })).toEqual({
      body: { reasoning: { effort: 'low' } },
      losses: [],
    });
  }
});

test('SiliconFlow has a switch for thinking (docs.siliconflow.com/en/api-reference/chat-completions)', () => {
  expect(sendTo('siliconflow', { reasoning_effort: 'none' }).body).toEqual({ enable_thinking: false });
});
