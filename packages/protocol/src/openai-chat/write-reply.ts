import type { ReplyFacts } from '../dialect.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Reply } from '../reply.ts';
import { writeStop } from './stops.ts';
import { writeUsage } from './usage.ts';
import { ID } from './wire.ts';

/** A whole chat completion. Parts that only another dialect understands are left out. */
export function writeReply(reply: Reply, facts: ReplyFacts = {}): JsonObject {
  const body: JsonObject = {
    id: reply.id,
    object: 'chat.completion',
    created: facts.createdS ?? 0,
    model: reply.model,
    choices: [
      {
        index: 0,
        message: writeMessage(reply),
        logprobs: null,
        finish_reason: writeStop(reply.stop, reply.rawStop),
      },
    ],
  };
  const usage = writeUsage(reply.usage);
  if (usage !== undefined) body.usage = usage;
  return body;
}

function writeMessage(reply: Reply): JsonObject {
  const text = joined(reply, 'text');
  const thinking = joined(reply, 'thinking');
  const calls = reply.parts.flatMap((part): Json[] => {
    if (part.kind === 'opaque') return part.dialect === ID ? [part.value] : [];
    if (part.kind !== 'tool-call') return [];
    return [{ id: part.id, type: 'function', function: { name: part.name, arguments: part.input } }];
  });
  // OpenAI's models say no in a field of its own and stop as usual; every other refusal is a stop reason.
  const isSpokenRefusal = reply.stop === 'refusal' && reply.rawStop === 'stop';
  const message: JsonObject = {
    role: 'assistant',
    content: isSpokenRefusal || (text === '' && calls.length > 0) ? null : text,
    refusal: isSpokenRefusal ? text : null,
  };
  if (thinking !== '') message.reasoning_content = thinking;
  if (calls.length > 0) message.tool_calls = calls;
  return message;
}

function joined(reply: Reply, kind: 'text' | 'thinking'): string {
  let text = '';
  for (const part of reply.parts) if (part.kind === kind) text += part.text;
  return text;
}
