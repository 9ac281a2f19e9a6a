import { expect, test } from 'vitest';
import { collect, dialects, type Event, type Frame, type Json } from '../index.ts';

const { openReader } = dialects['openai-responses'].outbound;
const frame = (value: Json): Frame => ({ data: JSON.stringify(value) });

function read(...values: Json[]): Event[] {
  const reader = openReader();
  return [...values.flatMap((value) => reader.read(frame(value))), ...reader.end()];
}

const created = { type: 'response.created', response: { id: 'resp_1', model: 'm' } };
const completed = { type: 'response.completed', response: { id: 'resp_1', model: 'm', status: 'completed' } };

test('the first id stands, although every event may give another', () => {
  const events = read(
    created,
    { type: 'response.in_progress', response: { id: 'other' } },
    { type: 'response.output_item.added', output_index: 0, item: { type: 'message', id: 'a' } },
    { type: 'response.output_text.delta', output_index: 0, content_index: 0, item_id: 'b', delta: 'Fog' },
    { type: 'response.output_text.delta', output_index: 0, content_index: 0, item_id: 'c', delta: '.' },
    completed,
  );
  expect(collect(events)).toMatchObject({ id: 'resp_1', parts: [{ kind: 'text', text: 'Fog.' }] });
});

test('items that alternate are told apart by their place', () => {
  const call = (place: number, name: string): Json => ({
    type: 'response.output_item.added',
    output_index: place,
    item: { type: 'function_call', id: `fc_${place}`, call_id: `call_${place}`, name, arguments: '' },
  });
  const delta = (place: number, text: string): Json => ({
    type: 'response.function_call_arguments.delta',
    output_index: place,
    delta: text,
  });
  const events = read(
    created,
    call(0, 'f'),
    call(1, 'g'),
    delta(0, '{"x":'),
    delta(1, '{}'),
    delta(0, '1}'),
    completed,
  );
  expect(collect(events).parts).toEqual([
    { kind: 'tool-call', id: 'call_0', name: 'f', input: '{"x":1}' },
    { kind: 'tool-call', id: 'call_1', name: 'g', input: '{}' },
  ]);
});

test('a call whose name comes last is told when it is known', () => {
  const events = read(
    created,
    { type: 'response.function_call_arguments.delta', output_index: 0, delta: '{}' },
    {
      type: 'response.output_item.done',
      output_index: 0,
      item: { type: 'function_call', call_id: 'call_1', name: 'look', arguments: '{}' },
    },
    completed,
  );
  expect(collect(events).parts).toEqual([{ kind: 'tool-call', id: 'call_1', name: 'look', input: '{}' }]);
});

test('a finished item without deltas is told whole, and its text only once with them', () => {
  const item = { type: 'message', id: 'msg_1', content: [{ type: 'output_text', text: 'Fog.' }] };
  const done = { type: 'response.output_item.done', output_index: 0, item };
  expect(collect(read(created, done, completed)).parts).toEqual([{ kind: 'text', text: 'Fog.' }]);
  const delta = { type: 'response.output_text.delta', output_index: 0, delta: 'Fog.' };
  const again = { ...completed, response: { ...completed.response, output: [item] } };
  expect(collect(read(created, delta, done, again)).parts).toEqual([{ kind: 'text', text: 'Fog.' }]);
});

test('summaries and thinking of one item are one part, in paragraphs', () => {
  const summary = (place: number, delta: string): Json => ({
    type: 'response.reasoning_summary_text.delta',
    output_index: 0,
    summary_index: place,
    delta,
  });
  const item = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' };
  const events = read(
    created,
    { type: 'response.output_item.added', output_index: 0, item: { ...item, encrypted_content: 'early' } },
    summary(0, 'One'),
    summary(0, '.'),
    summary(1, 'Two.'),
    { type: 'response.output_item.done', output_index: 0, item },
    completed,
  );
  expect(collect(events).parts).toEqual([
    { kind: 'thinking', text: 'One.\n\nTwo.', signature: { maker: 'openai', value: 'gAAA', id: 'rs_1' } },
  ]);
});

test('an event of an item that is over, or of none, breaks nothing', () => {
  const events = read(
    created,
    { type: 'response.output_item.done', output_index: 0, item: { type: 'web_search_call', id: 'ws_1' } },
    { type: 'response.output_text.delta', output_index: 0, delta: 'late' },
    { type: 'response.content_part.done', output_index: 9, content_index: 3, part: { type: 'output_text' } },
    { type: 'response.output_text.annotation.added', output_index: 8, annotation: 7 },
    { type: 'response.output_item.added' },
    { type: 'response.reasoning_text.delta', delta: 7 },
    completed,
  );
  expect(collect(events).parts).toEqual([
    { kind: 'opaque', dialect: 'openai-responses', value: { type: 'web_search_call', id: 'ws_1' } },
    { kind: 'opaque', dialect: 'openai-responses', value: {} },
  ]);
});

test.each<[Json, string]>([
  [{ type: 'error', code: 'rate_limit_exceeded', message: 'Slow.', param: null }, 'rate_limit_exceeded'],
  [{ type: 'error', error: { type: 'server_error', message: 'Oh.' } }, 'provider_failed'],
  [{ error: { message: 'Oh.', type: 'invalid_request_error' } }, 'invalid_parameter'],
  [
    { type: 'response.failed', response: { error: { code: 'server_error', message: 'Oh.' } } },
    'provider_failed',
  ],
  [{ type: 'response.failed' }, 'provider_failed'],
])('%j ends the stream with %s, and nothing comes after it', (value, code) => {
  const events = read(created, value, completed);
  const last = events.at(-1);
  expect(last?.type === 'error' && last.error.code).toBe(code);
  expect(events).toHaveLength(2);
});

test('a stream without its end is an error, also when it says that it is done', () => {
  const reader = openReader();
  reader.read(frame(created));
  expect(reader.read({ data: '[DONE]' }).map(({ type }) => type)).toEqual(['error']);
  expect(read(created).at(-1)?.type).toBe('error');
});
