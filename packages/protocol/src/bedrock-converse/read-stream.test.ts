import fc from 'fast-check';
import { expect, test } from 'vitest';
import { grammarBreach } from '../../test/laws.ts';
import { collect } from '../collect.ts';
import type { Frame } from '../dialect.ts';
import type { Event } from '../event.ts';
import type { JsonObject } from '../json.ts';
import { openReader } from './read-stream.ts';

type Said = [event: string, body: JsonObject];

function eventsOf(...said: Said[]): Event[] {
  const reader = openReader();
  const frames = said.map(([event, body]): Frame => ({ event, data: JSON.stringify(body) }));
  return [...frames.flatMap((frame) => reader.read(frame)), ...reader.end()];
}

const start: Said = ['messageStart', { role: 'assistant' }];
const stop = (stopReason: string, more: JsonObject = {}): Said => ['messageStop', { stopReason, ...more }];
const delta = (contentBlockIndex: number, said: JsonObject): Said => [
  'contentBlockDelta',
  { contentBlockIndex, delta: said, p: 'abc' },
];
const end = (contentBlockIndex: number): Said => ['contentBlockStop', { contentBlockIndex }];
const usage: Said = ['metadata', { usage: { inputTokens: 3, outputTokens: 5, totalTokens: 8 } }];

test('text, sealed thinking and a tool call of a stream are one reply, with the usage that comes last', () => {
  const events = eventsOf(
    start,
    delta(0, { reasoningContent: { text: 'Hm' } }),
    delta(0, { reasoningContent: { text: '.' } }),
    delta(0, { reasoningContent: { signature: 'c2VhbA==' } }),
    end(0),
    delta(1, { text: 'Grüße ' }),
    delta(1, { text: '👋' }),
    end(1),
    ['contentBlockStart', { contentBlockIndex: 2, start: { toolUse: { toolUseId: 't1', name: 'a_x2e_b' } } }],
    delta(2, { toolUse: { input: '{"at":' } }),
    delta(2, { toolUse: { input: '"sea"}' } }),
    end(2),
    stop('tool_use'),
    [
      'metadata',
      {
        usage: {
          inputTokens: 10,
          outputTokens: 20,
          totalTokens: 137,
          cacheReadInputTokens: 100,
          cacheWriteInputTokens: 7,
          cacheDetails: [
            { ttl: '1h', inputTokens: 4 },
            { ttl: '5m', inputTokens: 3 },
          ],
        },
        metrics: { latencyMs: 9 },
        serviceTier: { type: 'flex' },
      },
    ],
  );
  expect(grammarBreach(events)).toBeUndefined();
  expect(collect(events)).toEqual({
    id: '',
    model: '',
    parts: [
      { kind: 'thinking', text: 'Hm.', signature: { maker: 'anthropic', value: 'c2VhbA==' } },
      { kind: 'text', text: 'Grüße 👋' },
      { kind: 'tool-call', id: 't1', name: 'a.b', input: '{"at":"sea"}' },
    ],
    stop: 'tool-calls',
    rawStop: 'tool_use',
    serviceTier: 'flex',
    usage: {
      inputFresh: 10,
      outputText: 20,
      inputCacheRead: 100,
      inputCacheWrite: 3,
      inputCacheWrite1h: 4,
    },
  });
});

test('redacted thinking, citations, an image and a block of tomorrow are kept', () => {
  const cited = {
    title: 'Sea',
    sourceContent: [{ text: 'It is wet.' }],
    location: { web: { url: 'https://sea.example' } },
  };
  const { parts } = collect(
    eventsOf(
      start,
      delta(0, { reasoningContent: { redactedContent: 'c2VjcmV0' } }),
      end(0),
      delta(1, { text: 'Wet.' }),
      delta(1, { citation: cited }),
      end(1),
      ['contentBlockStart', { contentBlockIndex: 2, start: { image: { format: 'png' } } }],
      delta(2, { image: { source: { bytes: 'aGk=' } } }),
      delta(2, { image: { source: { bytes: 'aG8=' } } }),
      end(2),
      ['contentBlockStart', { contentBlockIndex: 3, start: { hologram: { size: 3 } } }],
      delta(3, { hologram: { light: 1 } }),
      end(3),
      stop('end_turn'),
      usage,
    ),
  );
  expect(parts).toEqual([
    { kind: 'thinking', text: '', signature: { maker: 'anthropic', value: 'c2VjcmV0', isRedacted: true } },
    {
      kind: 'text',
      text: 'Wet.',
      citations: [
        {
          title: 'Sea',
          url: 'https://sea.example',
          quote: 'It is wet.',
          wire: { dialect: 'bedrock-converse', value: cited },
        },
      ],
    },
    { kind: 'media', mediaType: 'image/png', data: 'aGlobw==' },
    {
      kind: 'opaque',
      dialect: 'bedrock-converse',
      value: { hologram: { size: 3 }, deltas: [{ hologram: { light: 1 } }] },
    },
  ]);
});

test('a tool call without arguments has an empty object, and an open block is closed by the end', () => {
  const tool = { toolUse: { toolUseId: 't1', name: 'now' } };
  const events = eventsOf(
    start,
    delta(0, { text: 'Hi' }),
    ['contentBlockStart', { contentBlockIndex: 1, start: tool }],
    stop('tool_use'),
  );
  expect(grammarBreach(events)).toBeUndefined();
  expect(collect(events).parts[1]).toMatchObject({ name: 'now', input: '{}' });
});

test('usage before the end and no usage at all are both a whole reply', () => {
  expect(collect(eventsOf(start, delta(0, { text: 'a' }), usage, stop('end_turn'))).usage).toEqual({
    inputFresh: 3,
    outputText: 5,
  });
  expect(collect(eventsOf(start, delta(0, { text: 'a' }), stop('end_turn'))).usage).toEqual({});
});

test("the caller's own sequence that ended the reply is told", () => {
  const ended = stop('stop_sequence', { additionalModelResponseFields: { stop_sequence: 'END' } });
  expect(collect(eventsOf(start, delta(0, { text: 'a' }), ended))).toMatchObject({
    stop: 'stop-sequence',
    stopSequence: 'END',
  });
});

test.each([
  ['throttlingException', 'rate_limit_exceeded'],
  ['serviceUnavailableException', 'overloaded'],
  ['modelStreamErrorException', 'provider_failed'],
  ['internalServerException', 'provider_failed'],
  ['validationException', 'invalid_parameter'],
])('%s in the middle of a stream is the error %s, and the last event', (exception, code) => {
  const events = eventsOf(start, delta(0, { text: 'a' }), [exception, { message: 'No.' }], stop('end_turn'));
  expect(events.at(-1)).toMatchObject({ type: 'error', error: { code } });
  expect(grammarBreach(events)).toBeUndefined();
});

test('a stream that is cut ends in an error', () => {
  expect(eventsOf(start, delta(0, { text: 'a' })).at(-1)).toMatchObject({
    type: 'error',
    error: { code: 'provider_bad_response' },
  });
});

test('events in any order and of any shape never break the grammar and never throw', () => {
  const index = fc.oneof(fc.integer({ min: 0, max: 2 }), fc.constant('x'));
  const any = fc.oneof(
    fc.constantFrom(start, stop('end_turn'), usage, end(0), end(1), delta(0, { text: 'a' })),
    fc
      .tuple(fc.constantFrom('contentBlockStart', 'contentBlockDelta', 'contentBlockStop'), index)
      .map(
        ([event, contentBlockIndex]): Said => [
          event,
          { contentBlockIndex, delta: { toolUse: { input: 1 } }, start: { toolUse: { name: 2 } } },
        ],
      ),
    fc
      .tuple(
        fc.constantFrom('messageStop', 'metadata', 'tomorrow', 'contentBlockDelta'),
        fc.dictionary(fc.string(), fc.jsonValue()),
      )
      .map(([event, body]): Said => [event, JSON.parse(JSON.stringify(body))]),
  );
  fc.assert(
    fc.property(fc.array(any, { maxLength: 12 }), (said) => {
      expect(grammarBreach(eventsOf(...said))).toBeUndefined();
    }),
    { seed: 3, numRuns: 300 },
  );
});
