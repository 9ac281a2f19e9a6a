import { describe, expect, test } from 'vitest';
import {
  collect,
  type DialectId,
  dialects,
  type Event,
  explode,
  type Json,
  providerDialects,
} from '../src/index.ts';
import { streamedCall } from './laws.ts';

/** More than fits on the stack as arguments, and far more than takes a second where time grows with the square. */
const MANY = 130_000;
/** Of what is written once more in every dialect, and of open parts. */
const SOME = 15_000;

const many = (value: Json, length = MANY): Json[] => Array.from({ length }, () => value);
const chunk = (delta: object, more: object = {}): Json => ({
  id: 'c',
  model: 'm',
  choices: [{ index: 0, delta: { content: 'x', ...delta }, ...more }],
});
const source = { url: 'https://example.org', title: 'A page' };
const cited = { type: 'url_citation', url_citation: { ...source, start_index: 0, end_index: 1 } };
const flat = { type: 'url_citation', ...source, start_index: 0, end_index: 1 };
const token = { token: 'x', logprob: -1, top_logprobs: [] };
const support = { segment: { startIndex: 0, endIndex: 1, text: 'x' }, groundingChunkIndices: many(0) };
const candidate = (more: object): Json => ({
  candidates: [{ content: { parts: [{ text: 'x' }] }, finishReason: 'STOP', ...more }],
});

const FRAMES: [what: string, DialectId, Json[]][] = [
  ['annotations', 'openai-chat', [chunk({ annotations: many(cited) })]],
  ['sources', 'openai-chat', [{ citations: many('https://example.org'), ...Object(chunk({})) }]],
  ['tokens', 'openai-chat', [chunk({}, { logprobs: { content: many(token, SOME) } })]],
  [
    'images',
    'openai-chat',
    [chunk({ images: many({ image_url: { url: 'data:image/png;base64,AAAA' } }, SOME) })],
  ],
  [
    'citations',
    'anthropic-messages',
    [
      {
        type: 'message_start',
        message: { content: [{ type: 'text', text: 'x', citations: many({ type: 'char_location' }) }] },
      },
    ],
  ],
  [
    'pages of a segment',
    'gemini',
    [
      candidate({
        groundingMetadata: {
          groundingChunks: [{ web: { uri: 'a' } }],
          groundingSupports: [support, support],
        },
      }),
    ],
  ],
  [
    'quotes',
    'gemini',
    [candidate({ citationMetadata: { citationSources: many({ startIndex: 0, endIndex: 1 }) } })],
  ],
  [
    'annotations',
    'openai-responses',
    [
      {
        type: 'response.output_item.done',
        item: { type: 'message', content: [{ type: 'output_text', text: 'x', annotations: many(flat) }] },
      },
    ],
  ],
  [
    'texts',
    'openai-responses',
    [
      {
        type: 'response.output_item.done',
        item: { type: 'message', content: many({ type: 'output_text', text: 'x' }, SOME) },
      },
    ],
  ],
];

/** What ends a stream of each dialect well. */
const ENDS: { [dialect in DialectId]?: readonly Json[] } = {
  'openai-chat': [{ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }],
  'anthropic-messages': [{ type: 'message_stop' }],
  'openai-responses': [{ type: 'response.completed', response: {} }],
};

function read(dialect: DialectId, frames: readonly Json[]): Event[] {
  const reader = providerDialects[dialect].outbound.openReader();
  const all = [...frames, ...(ENDS[dialect] ?? [])].map((body) => ({ data: JSON.stringify(body) }));
  return [...all.flatMap((frame) => reader.read(frame)), ...reader.end()];
}

/** Every caller's writer, streamed and whole. */
function writeAll(events: readonly Event[]): void {
  const reply = collect(events);
  for (const { inbound } of Object.values(dialects)) {
    const writer = inbound.openWriter(streamedCall);
    for (const event of events) writer.write(event);
    writer.end();
    inbound.writeReply(reply, { call: streamedCall });
  }
}

describe('a provider that sends very many', () => {
  test.each(FRAMES)('%s (%s) overflows no stack and holds nobody up', (_, dialect, frames) => {
    const events = read(dialect, frames);
    expect(events.at(-1)?.type).toBe('reply-end');
    writeAll(events);
    expect(collect(explode(collect(events))).parts.length).toBeGreaterThan(0);
  });

  test('parts and never ends one costs each of them the same', () => {
    const starts = Array.from({ length: SOME }, (_, index): Event[] => [
      { type: 'part-start', index, kind: 'tool-call', tool: { id: `call_${index}`, name: 'f' } },
      { type: 'part-delta', index, delta: '{}' },
    ]);
    const ends = Array.from({ length: SOME }, (_, index): Event => ({ type: 'part-end', index }));
    const start: Event = { type: 'reply-start', id: 'r', model: 'm' };
    writeAll([start, ...starts.flat(), ...ends, { type: 'reply-end', stop: 'tool-calls' }]);
  });
});
