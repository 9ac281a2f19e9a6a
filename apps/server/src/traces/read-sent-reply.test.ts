import { expect, test } from 'vitest';
import { readSentReply } from './read-sent-reply.ts';

test('a chat completion, a message and a Gemini answer become parts of one form', () => {
  const chat = {
    id: 'c1',
    model: 'gpt-5',
    choices: [{ message: { role: 'assistant', content: 'Booked.' }, finish_reason: 'stop' }],
  };
  const message = {
    ...{ id: 'm1', type: 'message', role: 'assistant', model: 'claude', stop_reason: 'end_turn' },
    content: [{ type: 'text', text: 'Booked.' }],
    usage: { input_tokens: 1, output_tokens: 1 },
  };
  const answer = {
    candidates: [{ content: { role: 'model', parts: [{ text: 'Booked.' }] }, finishReason: 'STOP' }],
  };
  const expected = { parts: [{ kind: 'text', text: 'Booked.' }] };
  expect(readSentReply('openai-chat', chat)).toMatchObject(expected);
  expect(readSentReply('anthropic-messages', message)).toMatchObject(expected);
  expect(readSentReply('gemini', answer)).toMatchObject(expected);
});

test('what is no reply of its dialect stays as it came', () => {
  for (const reply of ['text', { choices: [] }, [1], { parts: [] }, null, 7]) {
    expect(readSentReply('openai-chat', reply)).toEqual(reply);
    expect(readSentReply('json', reply)).toEqual(reply);
  }
});
