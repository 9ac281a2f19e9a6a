import type { AssistantPart, ThinkingPart } from '../call.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Reply } from '../reply.ts';
import { carrySignature } from '../signature.ts';
import { writeStop } from './stops.ts';
import { writeUsage } from './usage.ts';
import { ID, MAKER, writeInput } from './wire.ts';

/** A whole message. Parts that only another dialect understands are left out. */
export function writeReply(reply: Reply): JsonObject {
  return {
    id: reply.id,
    type: 'message',
    role: 'assistant',
    model: reply.model,
    content: reply.parts.flatMap(writeBlock),
    stop_reason: writeStop(reply.stop, reply.rawStop),
    stop_sequence: reply.stopSequence ?? null,
    usage: writeUsage(reply.usage),
  };
}

function writeBlock(part: AssistantPart): JsonObject[] {
  switch (part.kind) {
    case 'text':
    case 'refusal':
      return [{ type: 'text', text: part.text }];
    case 'thinking':
      return [{ type: 'thinking', thinking: part.text, signature: signatureOf(part) }];
    case 'tool-call':
      return [{ type: 'tool_use', id: part.id, name: part.name, input: writeInput(part.input) }];
    case 'media':
      return [];
    case 'opaque':
      return part.dialect === ID && isObject(part.value) ? [part.value] : [];
  }
}

function signatureOf({ signature }: ThinkingPart): string {
  return signature === undefined ? '' : carrySignature(signature, MAKER);
}
