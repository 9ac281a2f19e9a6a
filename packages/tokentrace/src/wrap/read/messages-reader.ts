import { type JsonObject, parseJson, usageReaders } from '@app/protocol';
import { type Json, snapshot } from '../snapshot.ts';
import { type ReplyReader, usageFields } from './reply-reader.ts';
import { fieldsOf, grown, isRecord, numberIn, objectOf, textIn } from './wire-value.ts';

type Fields = { [key: string]: Json };

/**
 * Reads Anthropic's messages, whole or as events.
 * Source: Anthropic's API reference, "Messages" and "Streaming messages".
 */
export function openMessagesReader(): ReplyReader {
  let message: JsonObject | undefined;
  let usage: JsonObject = {};
  const blocks = new Map<number, Fields>();
  /** The input of a tool comes as pieces of JSON. */
  const inputs = new Map<number, string>();

  function event(value: unknown): boolean {
    if (!isRecord(value)) return false;
    if (value.type === 'message_start') {
      // A copy, since a helper of the client goes on to change this very object.
      message = { ...objectOf(value.message) };
      usage = usageReaders.mergeMessages(usage, objectOf(message.usage));
    } else if (value.type === 'message_delta') {
      message = { ...message, ...objectOf(value.delta) };
      usage = usageReaders.mergeMessages(usage, objectOf(value.usage));
    }
    const index = numberIn(value.index);
    if (index === undefined) return false;
    if (value.type === 'content_block_start') blocks.set(index, fieldsOf(snapshot(value.content_block)));
    if (value.type !== 'content_block_delta') return false;
    const block = blocks.get(index) ?? {};
    blocks.set(index, block);
    growBlock(block, objectOf(value.delta), (piece) => inputs.set(index, grown(inputs.get(index), piece)));
    return true;
  }

  function assembled(): JsonObject {
    const content = [...blocks.entries()].sort(([a], [b]) => a - b);
    return {
      ...message,
      content: content.map(([index, block]) => {
        const text = inputs.get(index);
        return text === undefined ? block : { ...block, input: parseJson(text) ?? text };
      }),
      usage,
    };
  }

  return {
    event,
    whole: (reply) => {
      if (!isRecord(reply)) return;
      message = reply;
      usage = objectOf(reply.usage);
    },
    facts: () => {
      if (message === undefined) return { fields: {} };
      const reply = Array.isArray(message.content) && message.content.length > 0 ? message : assembled();
      return {
        fields: {
          model: textIn(reply.model),
          serviceTier: textIn(usageReaders.messagesTier(usage)),
          finishReason: textIn(reply.stop_reason),
          output: snapshot(reply),
          ...usageFields(usageReaders.messages(usage)),
        },
      };
    },
  };
}

function growBlock(block: Fields, delta: JsonObject, growInput: (piece: string) => void): void {
  for (const name of ['text', 'thinking', 'signature']) {
    const piece = textIn(delta[name]);
    if (piece !== undefined) block[name] = grown(block[name], piece);
  }
  const piece = textIn(delta.partial_json);
  if (piece !== undefined) growInput(piece);
  if (isRecord(delta.citation)) {
    const citations = Array.isArray(block.citations) ? block.citations : [];
    block.citations = [...citations, snapshot(delta.citation)];
  }
}
