import type { AssistantPart, TextPart } from '../call.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Reply } from '../reply.ts';
import { writeCitation } from './citations.ts';
import { writeSeal, writeThinking } from './seals.ts';
import { writeStop } from './stops.ts';
import { writeUsage } from './usage.ts';
import { ID, writeInput } from './wire.ts';

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
    usage: writeUsage(reply.usage, reply),
  };
}

function writeBlock(part: AssistantPart): JsonObject[] {
  switch (part.kind) {
    case 'text':
      return writeText(part);
    case 'refusal':
      return [{ type: 'text', text: part.text }];
    case 'thinking':
      return [writeThinking(part)];
    case 'tool-call': {
      const { id, name, input, signature } = part;
      const use: JsonObject = { type: 'tool_use', id, name, input: writeInput(input) };
      return signature === undefined ? [use] : [writeSeal(signature, id), use];
    }
    // The wire has nothing for what a model draws or speaks.
    case 'media':
      return [];
    case 'opaque':
      return part.dialect === ID && isObject(part.value) ? [part.value] : [];
  }
}

function writeText({ text, citations = [], signature }: TextPart): JsonObject[] {
  const block: JsonObject = { type: 'text', text };
  const cited = citations.flatMap(writeCitation);
  if (cited.length > 0) block.citations = cited;
  return signature === undefined ? [block] : [block, writeSeal(signature)];
}
