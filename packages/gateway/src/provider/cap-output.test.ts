import { type CallerDialectId, dialects, type JsonObject } from '@app/protocol';
import { expect, test } from 'vitest';
import { capOutput } from './cap-output.ts';

const text = [{ role: 'user', content: 'Hello' }];
const contents = [{ role: 'user', parts: [{ text: 'Hello' }] }];

const cases: [CallerDialectId, JsonObject, JsonObject, string][] = [
  ['openai-chat', { messages: text }, { max_completion_tokens: 300 }, 'max_completion_tokens'],
  ['openai-chat', { messages: text, max_tokens: 900 }, { max_tokens: 300 }, 'max_completion_tokens'],
  [
    'openai-chat',
    { messages: text, max_tokens: 900, max_completion_tokens: 800 },
    { max_tokens: 300, max_completion_tokens: 300 },
    'max_completion_tokens',
  ],
  ['openai-responses', { input: 'Hello' }, { max_output_tokens: 300 }, 'max_output_tokens'],
  ['openai-completions', { prompt: 'Hello', max_tokens: 900 }, { max_tokens: 300 }, 'max_tokens'],
  ['anthropic-messages', { messages: text, max_tokens: 900 }, { max_tokens: 300 }, 'max_tokens'],
  [
    'gemini',
    { contents, generationConfig: { maxOutputTokens: 900, topP: 0.5 } },
    { generationConfig: { maxOutputTokens: 300, topP: 0.5 } },
    'generationConfig.maxOutputTokens',
  ],
  [
    'gemini',
    { contents, generation_config: { max_output_tokens: 900 } },
    { generation_config: { maxOutputTokens: 300 } },
    'generationConfig.maxOutputTokens',
  ],
  [
    'gemini',
    { contents },
    { generationConfig: { maxOutputTokens: 300 } },
    'generationConfig.maxOutputTokens',
  ],
];

test.each(cases)('a call in %s of %o is sent on with the cap %o', (...[id, body, capped, path]) => {
  const call = dialects[id].inbound.readCall({ model: 'model-1', ...body });
  const { call: written, loss } = capOutput(call, 300);
  expect(loss).toEqual({ path, why: 'lowered' });
  expect(written.outputTokensMax).toBe(300);
  expect(dialects[id].outbound.writeCall(written, 'model-1').body).toMatchObject(capped);
  // The caller's own words are not changed: another target may take them as they are.
  expect(call.wire?.body).toEqual({ model: 'model-1', ...body });
});
