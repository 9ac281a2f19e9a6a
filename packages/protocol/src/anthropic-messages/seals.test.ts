import { describe, expect, test } from 'vitest';
import {
  type AssistantPart,
  collect,
  dialects,
  explode,
  type JsonObject,
  type Reply,
  type Signature,
} from '../index.ts';

const { inbound, outbound } = dialects['anthropic-messages'];
const google: Signature = { maker: 'google', value: 'g' };
const call: AssistantPart = { kind: 'tool-call', id: 'call_1', name: 'look', input: '{}' };

function reply(...parts: AssistantPart[]): Reply {
  return {
    id: 'x',
    model: 'm',
    parts,
    stop: 'end',
    rawStop: 'end_turn',
    usage: { inputFresh: 0, outputText: 0 },
  };
}

function blocksOf(...parts: AssistantPart[]): JsonObject[] {
  return JSON.parse(JSON.stringify(inbound.writeReply(reply(...parts)).content));
}

function streamed(...parts: AssistantPart[]): { data: string }[] {
  const body = { max_tokens: 1, messages: [{ role: 'user', content: 'x' }], stream: true };
  const writer = inbound.openWriter(inbound.readCall(body));
  return [...explode(reply(...parts)).flatMap((event) => writer.write(event)), ...writer.end()];
}

/** The conversation as a caller sends it back. */
function sentBack(content: JsonObject[]): JsonObject {
  return {
    model: 'claude',
    max_tokens: 10,
    messages: [
      { role: 'user', content: 'Look.' },
      { role: 'assistant', content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'Fog.' }] },
    ],
  };
}

describe('the seal of a tool call', () => {
  const sealed = { ...call, signature: google };

  test('travels as a thinking without text before it, and comes back onto the call', () => {
    const [seal, use] = blocksOf(sealed);
    expect(seal).toMatchObject({ type: 'thinking', thinking: '' });
    expect(use).toMatchObject({ type: 'tool_use', id: 'call_1' });
    const read = inbound.readCall(sentBack(blocksOf(sealed)));
    expect(read.messages[1]?.parts).toEqual([sealed]);
  });

  test('follows its call in a stream, and is read back onto it', () => {
    const types = streamed(sealed).flatMap(({ data }) => JSON.parse(data).content_block?.type ?? []);
    expect(types).toEqual(['tool_use', 'thinking']);
    const reader = outbound.openReader();
    expect(collect(streamed(sealed).flatMap((frame) => reader.read(frame))).parts).toEqual([sealed]);
  });

  test('that has no name is of the call after it', () => {
    const nameless = { type: 'thinking', thinking: '', signature: 'tr1.google...g' };
    const read = inbound.readCall(sentBack([nameless, ...blocksOf(call)]));
    expect(read.messages[1]?.parts).toEqual([sealed]);
  });

  test('that names a call which is not there stays a thinking', () => {
    const lost = { type: 'thinking', thinking: '', signature: 'tr1.google..other.g' };
    const read = inbound.readCall(sentBack([lost, ...blocksOf(call)]));
    expect(read.messages[1]?.parts).toEqual([
      { kind: 'thinking', text: '', signature: { ...google, id: 'other' } },
      call,
    ]);
  });
});

test('the seal of a text follows it and comes back onto it', () => {
  const sealed: AssistantPart = { kind: 'text', text: 'Yes.', signature: google };
  expect(inbound.readCall(sentBack(blocksOf(sealed))).messages[1]?.parts).toEqual([sealed]);
  const reader = outbound.openReader();
  expect(collect(streamed(sealed, call).flatMap((frame) => reader.read(frame))).parts).toEqual([
    sealed,
    call,
  ]);
});

test('what Anthropic encrypted is a block of its own kind, whole and streamed', () => {
  const hidden: AssistantPart = {
    kind: 'thinking',
    text: '',
    signature: { maker: 'anthropic', value: 'data', isRedacted: true },
  };
  expect(blocksOf(hidden)).toEqual([{ type: 'redacted_thinking', data: 'data' }]);
  const started = streamed(hidden).map(({ data }) => JSON.parse(data).content_block);
  expect(started).toContainEqual({ type: 'redacted_thinking', data: 'data' });
});

test('a stream does not wait for the end of a thinking to tell that it began', () => {
  const reader = outbound.openReader();
  const read = (event: JsonObject) => reader.read({ data: JSON.stringify(event) });
  read({ type: 'message_start', message: { id: 'x', model: 'm' } });
  const begun = read({
    type: 'content_block_start',
    index: 0,
    content_block: { type: 'thinking', thinking: '', signature: '' },
  });
  expect(begun).toEqual([{ type: 'part-start', index: 0, kind: 'thinking' }]);
});

describe('a call that goes on as it came', () => {
  const own = { type: 'thinking', thinking: 'Hm.', signature: 'sealA' };
  const foreign = { type: 'thinking', thinking: 'Hm.', signature: 'tr1.openai..rs_1.o' };

  test('leaves the seals of other makers out, and says so', () => {
    const body = sentBack([own, foreign, ...blocksOf({ ...call, signature: google })]);
    const written = outbound.writeCall(inbound.readCall(body), 'claude');
    expect(written.body).toEqual(sentBack([own, ...blocksOf(call)]));
    expect(written.losses).toEqual([{ path: 'messages[].content[].thinking', why: 'unsupported' }]);
  });

  test('leaves a turn out that held nothing else', () => {
    const body = sentBack([foreign]);
    const { messages } = outbound.writeCall(inbound.readCall(body), 'claude').body;
    expect(messages).toHaveLength(2);
  });

  test('leaves citations out that Anthropic did not make', () => {
    const theirs = { type: 'web_search_result_location', url: 'https://a', encrypted_index: 'E' };
    const ours = { ...theirs, encrypted_index: '' };
    const said = (citations: JsonObject[]) => sentBack([{ type: 'text', text: 'Fog.', citations }]);
    const { body, losses } = outbound.writeCall(inbound.readCall(said([theirs, ours])), 'claude');
    expect(body).toEqual(said([theirs]));
    expect(losses).toEqual([{ path: 'messages[].content[].citations', why: 'unsupported' }]);
    const plain = outbound.writeCall(inbound.readCall(said([ours])), 'claude').body;
    expect(plain).toEqual(sentBack([{ type: 'text', text: 'Fog.' }]));
  });

  test('is the very body when it holds nothing of others', () => {
    const body = sentBack([own, ...blocksOf(call)]);
    expect(outbound.writeCall(inbound.readCall(body), 'claude')).toEqual({ body, losses: [] });
  });
});

test('a call written anew sends the seals of Anthropic alone', () => {
  const parts: AssistantPart[] = [
    { kind: 'thinking', text: 'A', signature: { maker: 'anthropic', value: 'a' } },
    { kind: 'thinking', text: 'O', signature: { maker: 'openai', value: 'o' } },
    { kind: 'thinking', text: '' },
    { ...call, signature: google },
  ];
  const { wire: _, ...read } = inbound.readCall(sentBack([]));
  const { body, losses } = outbound.writeCall(
    { ...read, messages: [{ role: 'assistant', parts }] },
    'claude',
  );
  expect(body.messages).toEqual([
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'A', signature: 'a' },
        { type: 'tool_use', id: 'call_1', name: 'look', input: {} },
      ],
    },
  ]);
  expect(losses).toEqual([{ path: 'messages[].content[].thinking', why: 'unsupported' }]);
});
