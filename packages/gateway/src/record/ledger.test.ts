import type { Json } from '@app/protocol';
import { anAnthropicTarget, answers, streams } from '@app/testkit';
import { describe, expect, test } from 'vitest';
import { chat, messages, openTestJourney } from '../../test/open-test-journey.ts';
import { anthropicReply, anthropicStream } from '../../test/provider-texts.ts';

const snapshot = { models: { 'model-1': [anAnthropicTarget()] } };

/** A search that ran at the provider, which no other dialect can tell, and the sequence that ended the reply. */
const search = { type: 'server_tool_use', id: 'srv_1', name: 'web_search', input: { query: 'tides' } };
const reply = {
  ...anthropicReply(),
  content: [search, { type: 'text', text: 'High at noon.' }],
  stop_reason: 'stop_sequence',
  stop_sequence: 'END',
};
const lost = [
  { path: 'reply.stop_sequence', why: 'unsupported' },
  { path: 'reply.server_tool_use', why: 'unsupported' },
];

const frame = (value: { type: string; [field: string]: Json }): string =>
  `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;

function searchStream(): string[] {
  const [start = '', ...rest] = anthropicStream('High at noon.');
  const opened = frame({ type: 'content_block_start', index: 7, content_block: search });
  return [start, opened, frame({ type: 'content_block_stop', index: 7 }), ...rest];
}

describe('what a reply lost on its way to a caller of another dialect', () => {
  test('is in the record and in the header of a whole reply, beside what the call lost', () => {
    const journey = openTestJourney({ answers: [answers(200, reply)], snapshot });
    const caller = journey.call(chat({ seed: 7, max_completion_tokens: 100 }));
    expect(journey.record().losses).toEqual([{ path: 'seed', why: 'unsupported' }, ...lost]);
    expect(caller.headers()['x-tokenrouter-losses']).toBe('seed, reply.stop_sequence, reply.server_tool_use');
  });

  test('is in the record of a stream, whose header left before it was known', () => {
    const journey = openTestJourney({ answers: [streams(...searchStream())], snapshot });
    const caller = journey.call(chat({ stream: true, seed: 7, max_completion_tokens: 100 }));
    expect(caller.headers()['x-tokenrouter-losses']).toBe('seed');
    expect(journey.record().losses).toEqual([{ path: 'seed', why: 'unsupported' }, lost[1]]);
  });

  test('is told to the route that adds fields to its replies', () => {
    const journey = openTestJourney({ answers: [answers(200, reply)], snapshot });
    const wholeFields = ({ record }: { record: { losses: readonly object[] } }) => ({
      lost: record.losses.length,
    });
    const caller = journey.call({ ...chat({ max_completion_tokens: 100 }), decoration: { wholeFields } });
    expect(JSON.parse(caller.text())).toMatchObject({ lost: 2 });
  });

  test('stays out of the header when the caller wants no warnings', () => {
    const journey = openTestJourney({ answers: [answers(200, reply)], snapshot });
    const caller = journey.call({ ...chat({ max_completion_tokens: 100 }), unsupported: 'drop' });
    expect(caller.headers()).not.toHaveProperty('x-tokenrouter-losses');
    expect(journey.record().losses).toEqual(lost);
  });

  test('is nothing within one dialect', () => {
    const journey = openTestJourney({ answers: [answers(200, reply)], snapshot });
    const caller = journey.call(messages());
    expect(journey.record().losses).toEqual([]);
    expect(caller.headers()).not.toHaveProperty('x-tokenrouter-losses');
  });
});
