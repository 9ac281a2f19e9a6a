import { expect, test } from 'vitest';
import {
  type Call,
  collect,
  dialects,
  type Event,
  type Frame,
  type JsonObject,
  type Reply,
} from '../index.ts';

const gemini = dialects.gemini;
const asked: Call = gemini.inbound.readCall({ contents: [{ parts: [{ text: 'x' }] }] });

const response = (parts: JsonObject[], more: JsonObject = {}): JsonObject => ({
  candidates: [{ content: { parts, role: 'model' }, index: 0, ...more }],
  responseId: 'r',
  modelVersion: 'm',
});
const frame = (body: JsonObject): Frame => ({ data: JSON.stringify(body) });
const read = (...bodies: JsonObject[]): Event[] => {
  const reader = gemini.outbound.openReader();
  return [...bodies.flatMap((body) => reader.read(frame(body))), ...reader.end()];
};
const written = (events: Event[]): JsonObject[] => {
  const writer = gemini.inbound.openWriter(asked);
  const frames = [...events.flatMap((event) => writer.write(event)), ...writer.end()];
  return frames.map(({ data }) => JSON.parse(data));
};

test('a part begins where another kind does, and a signature closes its part', () => {
  const reply = collect(
    read(
      response([{ text: 'Hm', thought: true }]),
      response([{ text: '.', thought: true, thoughtSignature: 'AA==' }]),
      response([{ text: 'A' }, { text: 'B' }]),
      response([{ text: '', thoughtSignature: 'BB==' }]),
      response([{ text: 'C' }], { finishReason: 'STOP' }),
    ),
  );
  expect(reply.parts).toEqual([
    { kind: 'thinking', text: 'Hm.', signature: { maker: 'google', value: 'AA==' } },
    { kind: 'text', text: 'AB', signature: { maker: 'google', value: 'BB==' } },
    { kind: 'text', text: 'C' },
  ]);
});

test('arguments that come place by place are one JSON text, whatever their paths try', () => {
  const piece = (jsonPath: string, stringValue: string): JsonObject => ({ jsonPath, stringValue });
  const call = (functionCall: JsonObject): JsonObject => response([{ functionCall }]);
  const reply = collect(
    read(
      call({ name: 'f', willContinue: true }),
      call({ partialArgs: [piece('$.a[0].b', 'x'), piece('$.a[0].b', 'y')], willContinue: true }),
      call({ partialArgs: [piece('$.a[5]', 'gap'), piece('$.__proto__.polluted', 'p')], willContinue: true }),
      call({ partialArgs: [piece('nonsense', 'n'), piece("$['it''s']", 'n'), piece('$.a.b', 'n')] }),
      response([], { finishReason: 'STOP' }),
    ),
  );
  const [part] = reply.parts;
  expect(part?.kind === 'tool-call' && part.input).toBe('{"a":[{"b":"xy"}],"__proto__":{"polluted":"p"}}');
  expect({}).not.toHaveProperty('polluted');
  expect(reply.stop).toBe('tool-calls');
});

test('a refused prompt is a refusal with a part, so that a stream of it has one too', () => {
  const blocked = { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 3 } };
  const events = read(blocked);
  expect(collect(events)).toMatchObject({
    parts: [{ kind: 'refusal', text: '' }],
    stop: 'refusal',
    rawStop: 'blockReason:SAFETY',
    usage: { inputFresh: 3 },
  });
  expect(written(events)).toMatchObject([{ promptFeedback: { blockReason: 'SAFETY' } }]);
  const { choices } = JSON.parse(JSON.stringify(dialects['openai-chat'].inbound.writeReply(collect(events))));
  expect(choices[0].finish_reason).toBe('content_filter');
});

test.each(['[DONE]', ''])('a frame of %j says nothing', (data) => {
  expect(gemini.outbound.openReader().read({ data })).toEqual([]);
});

test('a stop reason of tomorrow is kept as a word', () => {
  expect(read(response([{ text: 'x' }], { finishReason: 'TIRED' })).at(-1)).toEqual({
    type: 'reply-end',
    stop: 'other',
    rawStop: 'TIRED',
  });
});

test("a refusal in another model's words is a text that is not held back by what follows", () => {
  const events: Event[] = [
    { type: 'reply-start', id: 'r', model: 'm' },
    { type: 'part-start', index: 0, kind: 'refusal' },
    { type: 'part-delta', index: 0, delta: 'I will not.' },
    { type: 'part-end', index: 0 },
    { type: 'reply-end', stop: 'refusal', rawStop: 'stop' },
  ];
  expect(written(events)).toMatchObject([
    { candidates: [{ content: { parts: [{ text: 'I will not.' }] } }] },
    { candidates: [{ finishReason: 'SAFETY' }] },
  ]);
});

test('calls that alternate each come whole', () => {
  const tool = (index: number, name: string): Event => ({
    type: 'part-start',
    index,
    kind: 'tool-call',
    tool: { id: `call_${name}`, name },
  });
  const bodies = written([
    { type: 'reply-start', id: 'r', model: 'm' },
    tool(0, 'f'),
    tool(1, 'g'),
    { type: 'part-delta', index: 0, delta: '{"x":' },
    { type: 'part-delta', index: 1, delta: '{"broken' },
    { type: 'part-delta', index: 0, delta: '1}' },
    { type: 'part-end', index: 0 },
    { type: 'part-end', index: 1 },
    { type: 'usage', usage: { inputFresh: 5, outputText: 7 } },
    { type: 'reply-end', stop: 'tool-calls' },
  ]);
  expect(bodies).toMatchObject([
    { candidates: [{ content: { parts: [{ functionCall: { id: 'call_f', name: 'f', args: { x: 1 } } }] } }] },
    { candidates: [{ content: { parts: [{ functionCall: { args: { INVALID_JSON: '{"broken' } } }] } }] },
    { candidates: [{ finishReason: 'STOP' }], usageMetadata: { totalTokenCount: 12 }, responseId: 'r' },
  ]);
});

test('a failed stream has one error in Google’s envelope and no end', () => {
  const events = read(response([{ text: 'Half' }]));
  expect(events.at(-1)?.type).toBe('error');
  const bodies = written(events);
  expect(bodies.at(-1)).toMatchObject({ error: { code: 502, status: 'UNAVAILABLE' } });
  expect(JSON.stringify(bodies)).not.toContain('finishReason');
});

test('tokens are in one class each: what is cached, what tools brought, what was thought, and each modality', () => {
  const usageMetadata = {
    promptTokenCount: 1_000,
    cachedContentTokenCount: 400,
    toolUsePromptTokenCount: 50,
    candidatesTokenCount: 300,
    thoughtsTokenCount: 70,
    promptTokensDetails: [
      { modality: 'TEXT', tokenCount: 700 },
      { modality: 'AUDIO', tokenCount: 200 },
      { modality: 'IMAGE', tokenCount: 100 },
    ],
    cacheTokensDetails: [{ modality: 'AUDIO', tokenCount: 150 }],
    candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 290 }],
    trafficType: 'ON_DEMAND_FLEX',
  };
  const [, usage] = read({ usageMetadata, candidates: [] });
  expect(usage).toEqual({
    type: 'usage',
    usage: {
      inputFresh: 500,
      inputCacheRead: 250,
      inputCacheReadAudio: 150,
      inputAudio: 50,
      inputImage: 100,
      outputText: 10,
      outputImage: 290,
      outputThinking: 70,
    },
    serviceTier: 'flex',
  });
  const [, odd] = read({ usageMetadata: { promptTokenCount: 5, cachedContentTokenCount: 9 } });
  expect(odd).toMatchObject({ usage: { inputFresh: 0, inputCacheRead: 9 }, estimated: true });
});

const TEXT = 'Köln: 1 Mio. 🏰 Dom';
const byteOf = (part: string): number => Buffer.byteLength(TEXT.slice(0, TEXT.indexOf(part)));

test('sources count in UTF-16 units, and go back as Google tells them', () => {
  const groundingMetadata = {
    webSearchQueries: ['Köln'],
    groundingChunks: [
      { web: { uri: 'https://a.example', title: 'A' } },
      { web: { uri: 'https://b.example' } },
    ],
    groundingSupports: [
      {
        segment: { startIndex: byteOf('🏰'), endIndex: byteOf('🏰') + 8, text: '🏰 Dom' },
        groundingChunkIndices: [0, 1],
        confidenceScores: [0.5, 0.25],
      },
      // A segment that counts from elsewhere is found by what it says.
      { segment: { startIndex: 99, endIndex: 108, text: '1 Mio.' }, groundingChunkIndices: [0] },
    ],
  };
  const reply = collect(read(response([{ text: TEXT }], { finishReason: 'STOP', groundingMetadata })));
  const [part] = reply.parts;
  const told = part?.kind === 'text' ? (part.citations ?? []) : [];
  expect(told.map(({ wire: _, ...citation }) => citation)).toEqual([
    { url: 'https://a.example', title: 'A', start: TEXT.indexOf('🏰'), end: TEXT.length },
    { url: 'https://b.example', start: TEXT.indexOf('🏰'), end: TEXT.length },
    { url: 'https://a.example', title: 'A', start: TEXT.indexOf('1'), end: TEXT.indexOf(' 🏰') },
  ]);
  expect(gemini.inbound.writeReply(reply)).toMatchObject({ candidates: [{ groundingMetadata }] });
});

test("another dialect's sources become Google's, in bytes", () => {
  const start = TEXT.indexOf('Dom');
  const reply: Reply = {
    id: 'r',
    model: 'm',
    parts: [
      {
        kind: 'text',
        text: TEXT,
        citations: [
          {
            url: 'https://a.example',
            start,
            end: TEXT.length,
            wire: { dialect: 'openai-chat', value: {} },
          },
        ],
      },
    ],
    stop: 'end',
    usage: {},
  };
  expect(gemini.inbound.writeReply(reply)).toMatchObject({
    candidates: [
      {
        groundingMetadata: {
          groundingChunks: [{ web: { uri: 'https://a.example' } }],
          groundingSupports: [
            {
              segment: { startIndex: byteOf('Dom'), endIndex: Buffer.byteLength(TEXT), text: 'Dom' },
              groundingChunkIndices: [0],
            },
          ],
        },
      },
    ],
  });
});
