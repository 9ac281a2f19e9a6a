import { expect, test } from 'vitest';
import { callerPath } from './caller-path.ts';

test('a field of another dialect is told in the caller\u2019s words', () => {
  expect(callerPath('top_p', 'openai-chat', 'gemini')).toBe('generationConfig.topP');
  expect(callerPath('stop_sequences', 'anthropic-messages', 'openai-chat')).toBe('stop');
  expect(callerPath('reasoning_effort', 'openai-chat', 'anthropic-messages')).toBe('thinking');
  expect(callerPath('reasoning.effort', 'openai-responses', 'anthropic-messages')).toBe('thinking');
  expect(callerPath('output_config.effort', 'anthropic-messages', 'openai-chat')).toBe('reasoning_effort');
  expect(callerPath('tool_choice.name', 'anthropic-messages', 'openai-chat')).toBe('tool_choice');
});

test('a field that has no word of its own, or is the caller\u2019s already, stays as it is', () => {
  expect(callerPath('messages[].name', 'openai-chat', 'gemini')).toBe('messages[].name');
  expect(callerPath('top_p', 'openai-chat', 'openai-chat')).toBe('top_p');
  expect(callerPath('inferenceConfig.topP', 'bedrock-converse', 'openai-chat')).toBe('inferenceConfig.topP');
});
