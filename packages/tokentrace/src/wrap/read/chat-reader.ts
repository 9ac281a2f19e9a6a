import { type JsonObject, usageReaders } from '@app/protocol';
import { type Json, snapshot } from '../snapshot.ts';
import { type ReplyReader, usageFields } from './reply-reader.ts';
import { arrayOf, childOf, fieldsOf, grown, isRecord, numberIn, objectOf, textIn } from './wire-value.ts';

type Fields = { [key: string]: Json };

/**
 * Reads OpenAI's chat completions and its older text completions, whole or in chunks.
 * Source: OpenAI's API reference, "The chat completion object" and "The chat completion chunk object".
 */
export function openChatReader(): ReplyReader {
  const head: Fields = {};
  const choices = new Map<number, Fields>();
  let whole: JsonObject | undefined;

  function event(chunk: unknown): boolean {
    if (!isRecord(chunk)) return false;
    for (const name of HEAD) if (chunk[name] != null) head[name] = snapshot(chunk[name]);
    let hasContent = false;
    for (const one of arrayOf(chunk.choices)) {
      const choice = objectOf(one);
      hasContent = growChoice(choiceAt(choices, numberIn(choice.index) ?? 0), choice) || hasContent;
    }
    return hasContent;
  }

  const assembled = (): JsonObject => ({
    ...head,
    object: head.object === 'text_completion' ? 'text_completion' : 'chat.completion',
    choices: [...choices.entries()]
      .sort(([a], [b]) => a - b)
      .map(([index, choice]) => ({ index, ...choice })),
  });

  return {
    event,
    whole: (reply) => {
      if (isRecord(reply)) whole = reply;
    },
    facts: () => {
      if (whole === undefined && choices.size === 0 && head.id === undefined) return { fields: {} };
      const reply = whole ?? assembled();
      return {
        fields: {
          model: textIn(reply.model),
          serviceTier: textIn(usageReaders.chatTier(reply.service_tier)),
          finishReason: textIn(objectOf(arrayOf(reply.choices)[0]).finish_reason),
          output: snapshot(reply),
          ...usageFields(usageReaders.chat(objectOf(reply.usage))),
        },
      };
    },
  };
}

const HEAD = ['id', 'object', 'created', 'model', 'service_tier', 'system_fingerprint', 'usage', 'citations'];

function choiceAt(choices: Map<number, Fields>, index: number): Fields {
  const there = choices.get(index);
  if (there) return there;
  const choice: Fields = {};
  choices.set(index, choice);
  return choice;
}

/** True when the chunk brought content of the choice. */
function growChoice(choice: Fields, chunk: JsonObject): boolean {
  if (chunk.finish_reason != null) choice.finish_reason = snapshot(chunk.finish_reason);
  if (typeof chunk.text === 'string') {
    choice.text = grown(choice.text, chunk.text);
    return chunk.text !== '';
  }
  if (!isRecord(chunk.delta)) return false;
  choice.message ??= { role: 'assistant', content: null };
  return growMessage(childOf(choice, 'message'), chunk.delta);
}

/** Makers beside OpenAI stream their reasoning under either name. */
const TEXTS = ['content', 'refusal', 'reasoning_content', 'reasoning'];

function growMessage(message: Fields, delta: JsonObject): boolean {
  let hasContent = false;
  if (typeof delta.role === 'string') message.role = delta.role;
  for (const name of TEXTS) {
    const piece = textIn(delta[name]);
    if (piece === undefined) continue;
    message[name] = grown(message[name], piece);
    hasContent = true;
  }
  if (isRecord(delta.function_call)) {
    growFunction(childOf(message, 'function_call'), delta.function_call);
    hasContent = true;
  }
  if (isRecord(delta.audio)) {
    growAudio(childOf(message, 'audio'), delta.audio);
    hasContent = true;
  }
  for (const call of arrayOf(delta.tool_calls)) {
    growCall(message, objectOf(call));
    hasContent = true;
  }
  return hasContent;
}

function growCall(message: Fields, delta: JsonObject): void {
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  message.tool_calls = calls;
  const index = Math.min(numberIn(delta.index) ?? calls.length, calls.length);
  const call = fieldsOf(calls[index]);
  calls[index] = call;
  for (const name of ['id', 'type'] as const) if (textIn(delta[name])) call[name] = snapshot(delta[name]);
  if (isRecord(delta.function)) growFunction(childOf(call, 'function'), delta.function);
  if (isRecord(delta.custom)) {
    const custom = childOf(call, 'custom');
    if (textIn(delta.custom.name)) custom.name = snapshot(delta.custom.name);
    custom.input = grown(custom.input, textIn(delta.custom.input) ?? '');
  }
}

function growFunction(into: Fields, delta: JsonObject): void {
  if (textIn(delta.name)) into.name = snapshot(delta.name);
  into.arguments = grown(into.arguments, textIn(delta.arguments) ?? '');
}

/** The sound itself is counted and not held. */
function growAudio(into: Fields, delta: JsonObject): void {
  if (textIn(delta.id)) into.id = snapshot(delta.id);
  if (textIn(delta.transcript)) into.transcript = grown(into.transcript, textIn(delta.transcript) ?? '');
  if (textIn(delta.data)) into.data = '[binary, size unknown]';
}
