import { describe, expect, test } from 'vitest';
import { collect, dialects, type Event, type JsonObject, type Reply, type ThinkingPart } from '../index.ts';
import { readThoughts, writeDetails } from './reasoning-details.ts';

const { inbound, outbound } = dialects['openai-chat'];
const anthropicText = { type: 'reasoning.text', format: 'anthropic-claude-v1' };
const openai = { format: 'openai-responses-v1', index: 0 };

function readStream(...deltas: JsonObject[]): Reply {
  const reader = outbound.openReader();
  const events: Event[] = deltas.flatMap((delta) =>
    reader.read({ data: JSON.stringify({ id: 'gen', model: 'm', choices: [{ index: 0, delta }] }) }),
  );
  events.push(...reader.read({ data: '{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}' }));
  return collect([...events, ...reader.read({ data: '[DONE]' }), ...reader.end()]);
}

function assistant(message: JsonObject): JsonObject {
  return {
    model: 'm',
    messages: [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', ...message },
    ],
  };
}

describe('a message’s thoughts', () => {
  test('are its entries, each with the seal of its maker', () => {
    const { parts, isPartial } = readThoughts({
      reasoning: 'One. Two.',
      reasoning_details: [
        { ...anthropicText, index: 0, text: 'One.', signature: 'sealA' },
        { type: 'reasoning.encrypted', format: 'anthropic-claude-v1', index: 1, data: 'hidden' },
        { type: 'reasoning.summary', ...openai, index: 2, summary: ' Two.' },
        { type: 'reasoning.encrypted', ...openai, index: 2, data: 'sealO', id: 'rs_1' },
      ],
    });
    expect(parts).toEqual([
      { kind: 'thinking', text: 'One.', signature: { maker: 'anthropic', value: 'sealA' } },
      { kind: 'thinking', text: '', signature: { maker: 'anthropic', value: 'hidden', isRedacted: true } },
      { kind: 'thinking', text: ' Two.', signature: { maker: 'openai', value: 'sealO', id: 'rs_1' } },
    ]);
    expect(isPartial).toBe(false);
  });

  test('have the text of the plain field where no entry holds any', () => {
    const sealed = { type: 'reasoning.encrypted', ...openai, data: 'sealO', id: 'rs_1' };
    expect(readThoughts({ reasoning: 'Hm.', reasoning_details: [sealed] }).parts).toEqual([
      { kind: 'thinking', text: 'Hm.', signature: { maker: 'openai', value: 'sealO', id: 'rs_1' } },
    ]);
    expect(readThoughts({ reasoning_content: 'Hm.', reasoning_details: [] }).parts).toEqual([
      { kind: 'thinking', text: 'Hm.' },
    ]);
  });

  test('keep an entry without a format as Anthropic’s, and name no maker that we do not know', () => {
    const { parts, isPartial } = readThoughts({
      reasoning_details: [
        { type: 'reasoning.text', text: 'A', signature: 's', index: 0 },
        { type: 'reasoning.text', text: 'B', signature: 's', format: 'xai-responses-v1', index: 1 },
        { type: 'reasoning.picture', data: 'x' },
      ],
    });
    expect(parts).toEqual([
      { kind: 'thinking', text: 'A', signature: { maker: 'anthropic', value: 's' } },
      { kind: 'thinking', text: 'B' },
    ]);
    expect(isPartial).toBe(true);
  });

  test('are written with the place of each, and not at all without a seal', () => {
    const parts: ThinkingPart[] = [
      { kind: 'thinking', text: 'A' },
      { kind: 'thinking', text: 'B', signature: { maker: 'google', value: 'g' } },
    ];
    expect(writeDetails(parts.slice(0, 1))).toBeUndefined();
    expect(writeDetails(parts)).toEqual([
      { type: 'reasoning.text', text: 'A', format: 'unknown', index: 0 },
      { type: 'reasoning.text', text: 'B', signature: 'g', format: 'google-gemini-v1', index: 1 },
    ]);
  });
});

describe('a stream', () => {
  test('is not told twice what stands in the plain field and in the entries', () => {
    const { parts } = readStream(
      { reasoning: 'a', reasoning_details: [{ ...anthropicText, text: 'a', index: 0 }] },
      { reasoning: 'a', reasoning_details: [{ ...anthropicText, text: 'a', index: 0 }] },
      { reasoning_details: [{ ...anthropicText, signature: 'sealA', index: 0 }] },
      { content: 'Yes.' },
    );
    expect(parts).toEqual([
      { kind: 'thinking', text: 'aa', signature: { maker: 'anthropic', value: 'sealA' } },
      { kind: 'text', text: 'Yes.' },
    ]);
  });

  test('that has its thinking in entries alone is read from them', () => {
    const { parts } = readStream(
      { reasoning_details: [{ ...anthropicText, text: 'a', index: 0 }] },
      { reasoning_details: [{ ...anthropicText, text: 'a', index: 0 }] },
    );
    expect(parts).toEqual([{ kind: 'thinking', text: 'aa' }]);
  });

  test('gives a seal with a tool call’s id to that call, whichever came first', () => {
    const seal = {
      reasoning_details: [
        { type: 'reasoning.encrypted', format: 'google-gemini-v1', data: 'g', id: 'tool_1', index: 0 },
      ],
    };
    const call = { tool_calls: [{ index: 0, id: 'tool_1', function: { name: 'look', arguments: '{}' } }] };
    const sealed = { kind: 'tool-call', id: 'tool_1', name: 'look', input: '{}' };
    const signature = { maker: 'google', value: 'g' };
    expect(readStream(seal, call).parts).toEqual([{ ...sealed, signature }]);
    expect(readStream(call, seal).parts).toEqual([{ ...sealed, signature }]);
    expect(readStream(seal).parts).toEqual([
      { kind: 'thinking', text: '', signature: { ...signature, id: 'tool_1' } },
    ]);
  });
});

describe('a call', () => {
  const sealed = {
    reasoning_details: [{ ...anthropicText, text: 'Hm.', signature: 'sealA', index: 0 }],
    content: 'Yes.',
    tool_calls: [
      {
        id: 'call_1',
        type: 'function',
        function: { name: 'look', arguments: '{}' },
        extra_content: { google: { thought_signature: 'g' } },
      },
    ],
  };

  test('brings every maker’s seals back', () => {
    const call = inbound.readCall(assistant(sealed));
    expect(call.messages[1]?.parts).toEqual([
      { kind: 'thinking', text: 'Hm.', signature: { maker: 'anthropic', value: 'sealA' } },
      { kind: 'text', text: 'Yes.' },
      {
        kind: 'tool-call',
        id: 'call_1',
        name: 'look',
        input: '{}',
        signature: { maker: 'google', value: 'g' },
      },
    ]);
    expect(call.unread).toBeUndefined();
  });

  test('names the entries that nobody else can be told of', () => {
    const call = inbound.readCall(
      assistant({ content: 'x', reasoning_details: [{ type: 'reasoning.new' }] }),
    );
    expect(call.unread).toEqual(['messages[].reasoning_details']);
  });

  test('sends seals to Anthropic where they are Anthropic’s', () => {
    const { body, losses } = dialects['anthropic-messages'].outbound.writeCall(
      inbound.readCall(assistant(sealed)),
      'claude',
    );
    expect(body.messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.', signature: 'sealA' },
          { type: 'text', text: 'Yes.' },
          { type: 'tool_use', id: 'call_1', name: 'look', input: {} },
        ],
      },
    ]);
    expect(losses).toContainEqual({ path: 'messages[].reasoning_content', why: 'unsupported' });
  });

  test('of another dialect gives no provider fields that it may not know', () => {
    const call = inbound.readCall(assistant(sealed));
    const foreign = { ...call, extra: { dialect: 'gemini' as const, fields: {} } };
    delete foreign.wire;
    const { body, losses } = outbound.writeCall(foreign, 'm');
    expect(JSON.stringify(body)).not.toMatch(/reasoning|extra_content/);
    expect(losses).toEqual([{ path: 'contents[].parts[].thought', why: 'unsupported' }]);
  });
});
