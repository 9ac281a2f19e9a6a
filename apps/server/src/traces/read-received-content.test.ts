import type { FoundSpan } from '@app/store';
import { expect, test } from 'vitest';
import { readReceivedContent } from './read-received-content.ts';

/** Only what is looked at when content is read. */
function found(messages: readonly object[]): FoundSpan {
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.input.messages': JSON.stringify(messages),
  };
  const span = {
    ...{
      trace_id: '1'.repeat(32),
      span_id: '2'.repeat(16),
      parent_span_id: null,
      duration_ms: 1,
      dialect: '',
    },
    ...{ source: 'otlp', capture: 'full' },
  };
  const kept = { attributes, resource: {} };
  const billed = { startedNanos: '1800000000000000000' };
  return { span, billed, givenNanos: null, request: null, reply: null, attributes: kept } as never;
}

const turn = (content: string) => ({ role: 'user', parts: [{ type: 'text', content }] });

test('a conversation of many megabytes is read', () => {
  const { request } = readReceivedContent(found([turn('x'.repeat(8_000_000)), turn('last')]));
  expect(request).toMatchObject({ messages: [{ role: 'user' }, { content: 'last' }] });
});

test('one of so many pieces that it would hold up every call is shown as it was received only', () => {
  const giant = found(Array.from({ length: 200_000 }, () => turn('x')));
  const began = process.cpuUsage();
  expect(readReceivedContent(giant)).toMatchObject({ request: null, reply: null });
  expect(process.cpuUsage(began).user).toBeLessThan(100_000);
});
