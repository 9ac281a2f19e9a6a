import { expect, test } from 'vitest';
import { openResponsesReader } from './responses-reader.ts';

const CREATED = {
  type: 'response.created',
  response: { id: 'r', model: 'gpt-5', status: 'in_progress', output: [] },
};
const at = { output_index: 0, content_index: 0 };

test('a response that stops on its way keeps the pieces of its text', () => {
  const reader = openResponsesReader();
  const events = [
    CREATED,
    { type: 'response.output_item.added', ...at, item: { type: 'message', role: 'assistant', content: [] } },
    { type: 'response.output_text.delta', ...at, delta: 'Hel' },
    { type: 'response.output_text.delta', ...at, delta: 'lo' },
  ];
  expect(events.map(reader.event)).toEqual([false, false, true, true]);
  expect(reader.facts()).toMatchObject({
    fields: {
      model: 'gpt-5',
      output: { output: [{ type: 'message', content: [{ type: 'output_text', text: 'Hello' }] }] },
    },
  });
  expect(reader.facts().fields.finishReason).toBeUndefined();
});

test('a response that says it failed is a failure, though the stream ended well', () => {
  const reader = openResponsesReader();
  const error = { code: 'server_error', message: 'It broke.' };
  reader.event(CREATED);
  reader.event({ type: 'response.failed', response: { ...CREATED.response, status: 'failed', error } });
  expect(reader.facts()).toMatchObject({ fields: { finishReason: 'failed' }, failure: error });
});

test('a response that was cut short tells why', () => {
  const reader = openResponsesReader();
  reader.event({
    type: 'response.incomplete',
    response: {
      ...CREATED.response,
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    },
  });
  expect(reader.facts().fields.finishReason).toBe('max_output_tokens');
});
