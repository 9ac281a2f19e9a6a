import { expect, test } from 'vitest';
import { dialects, type Event, type Frame } from '../index.ts';

const start: Frame = named({ type: 'message_start', message: { id: 'msg_1', model: 'm', content: [] } });
const stop: Frame = named({ type: 'message_stop' });

function named(body: { type: string; [field: string]: unknown }): Frame {
  return { event: body.type, data: JSON.stringify(body) };
}

function block(index: number, text: string): Frame {
  return named({ type: 'content_block_start', index, content_block: { type: 'text', text } });
}

function read(...frames: Frame[]): Event[] {
  const reader = dialects['anthropic-messages'].outbound.openReader();
  return [...frames.flatMap((frame) => reader.read(frame)), ...reader.end()];
}

test('a stream that begins with its end is an error and nothing else', () => {
  const delta = named({
    type: 'message_delta',
    delta: { stop_reason: 'end_turn' },
    usage: { output_tokens: 5 },
  });
  expect(read(delta, stop)).toEqual([
    { type: 'error', error: expect.objectContaining({ code: 'provider_bad_response' }) },
  ]);
});

test('a block whose number is used again has ended', () => {
  expect(read(start, block(0, 'one'), block(0, 'two'), stop).slice(1)).toEqual([
    { type: 'part-start', index: 0, kind: 'text' },
    { type: 'part-delta', index: 0, delta: 'one' },
    { type: 'part-end', index: 0 },
    { type: 'part-start', index: 1, kind: 'text' },
    { type: 'part-delta', index: 1, delta: 'two' },
    { type: 'part-end', index: 1 },
    { type: 'reply-end', stop: 'other' },
  ]);
});

test('what is called the end of a reply, and says something else, breaks the stream off', () => {
  const odd = { event: 'message_stop', data: '{"type":["message_stop"]}' };
  expect(read(start, block(0, 'one'), odd).at(-1)?.type).toBe('error');
});
