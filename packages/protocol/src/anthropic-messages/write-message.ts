import type {
  AssistantPart,
  Call,
  MediaPart,
  TextPart,
  ThinkingPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '../call.ts';
import { featurePath } from '../feature-paths.ts';
import type { Json, JsonObject } from '../json.ts';
import { type Losses, wordsOf } from '../losses.ts';
import { isForeign, writeThinking } from './seals.ts';
import { ID, writeInput } from './wire.ts';
import {
  type Writing as WritingParts,
  withCache,
  writeOpaque,
  writeShownPart,
  writeText,
} from './write-part.ts';

/** `places` are what the caller calls things that have no word of their own. */
type Writing = WritingParts & { places: { refusal: string; image: string; audio: string } };
type WireMessage = { role: 'user' | 'assistant' | 'system'; content: JsonObject[] };

/** Messages of another dialect that follow each other in one role become one, as results must come in one turn. */
export function writeMessages(call: Call, losses: Losses): JsonObject[] {
  const writing = writingOf(call, losses);
  const messages: WireMessage[] = [];
  for (const message of call.messages) {
    const wire = writeMessage(message, writing);
    const last = messages.at(-1);
    if (wire.content.length === 0) continue;
    if (!writing.isOwn && last?.role === wire.role) last.content.push(...wire.content);
    else messages.push(wire);
  }
  return messages.map(({ role, content }) => ({
    role,
    content: role === 'user' ? resultsFirst(content) : content,
  }));
}

function writingOf(call: Call, losses: Losses): Writing {
  const { dialect } = call.extra;
  const places = {
    refusal: featurePath('past-refusal', dialect),
    image: featurePath('past-image', dialect),
    audio: featurePath('past-audio', dialect),
  };
  return { losses, words: wordsOf(call), isOwn: dialect === ID, places };
}

/** Instructions. A plain text is a string; marks need a list. */
export function writeSystem(call: Call, losses: Losses): Json {
  const [first] = call.system;
  if (first !== undefined && call.system.length === 1 && first.cache === undefined) return first.text;
  const writing = writingOf(call, losses);
  return call.system.flatMap((part) => writeText(part, writing));
}

/**
 * Only new models know an instruction inside a conversation, and those who ask in this dialect know their model. For
 * anyone else it becomes the user's words, marked as what it is.
 */
function writeMessage(message: Call['messages'][number], writing: Writing): WireMessage {
  if (message.role === 'user') {
    return { role: 'user', content: message.parts.flatMap((part) => writeUserPart(part, writing)) };
  }
  if (message.role === 'assistant') {
    return { role: 'assistant', content: message.parts.flatMap((part) => writeAssistantPart(part, writing)) };
  }
  if (writing.isOwn)
    return { role: 'system', content: message.parts.flatMap((part) => writeText(part, writing)) };
  writing.losses.add(writing.words.midSystem, 'changed');
  const marked = message.parts.map((part) => ({ ...part, text: `<system>\n${part.text}\n</system>` }));
  return { role: 'user', content: marked.flatMap((part) => writeText(part, writing)) };
}

/** Results stand before everything else in their turn, or the wire refuses it. */
function resultsFirst(content: JsonObject[]): JsonObject[] {
  const isResult = (block: JsonObject): boolean => block.type === 'tool_result';
  const firstOther = content.findIndex((block) => !isResult(block));
  if (firstOther === -1 || !content.slice(firstOther).some(isResult)) return content;
  return [...content.filter(isResult), ...content.filter((block) => !isResult(block))];
}

function writeUserPart(part: UserPart, writing: Writing): JsonObject[] {
  return part.kind === 'tool-result' ? [writeResult(part, writing)] : writeShownPart(part, writing);
}

function writeResult(part: ToolResultPart, writing: Writing): JsonObject {
  const block: JsonObject = { type: 'tool_result', tool_use_id: idOf(part.callId) };
  const content = part.parts.flatMap((shown) => writeShownPart(shown, writing));
  if (content.length > 0) block.content = content;
  if (part.isError !== undefined) block.is_error = part.isError;
  return withCache(block, part);
}

function writeAssistantPart(part: AssistantPart, writing: Writing): JsonObject[] {
  switch (part.kind) {
    case 'text':
      return writeText(part, writing);
    case 'tool-call':
      return [writeUse(part, writing)];
    case 'thinking':
      return writeThought(part, writing);
    case 'refusal':
      return writeRefusal(part, writing);
    case 'media':
      return dropMedia(part, writing);
    case 'opaque':
      return writeOpaque(part, writing);
  }
}

function writeUse(part: ToolCallPart, { losses, words }: Writing): JsonObject {
  if (part.signature !== undefined) losses.add(words.thinkingPart, 'unsupported');
  const use = { type: 'tool_use', id: idOf(part.id), name: part.name, input: writeInput(part.input) };
  return withCache(use, part);
}

/** Without a seal of its own maker the wire refuses a thinking. */
function writeThought(part: ThinkingPart, { losses, words }: Writing): JsonObject[] {
  if (part.signature !== undefined && !isForeign(part.signature)) return [writeThinking(part)];
  losses.add(words.thinkingPart, 'unsupported');
  return [];
}

/** The wire has a refusal as a stop reason alone, so the words are a text like any other. */
function writeRefusal({ text }: { text: string }, writing: Writing): JsonObject[] {
  writing.losses.add(writing.places.refusal, 'changed');
  const spoken: TextPart = { kind: 'text', text };
  return writeText(spoken, writing);
}

function dropMedia({ mediaType }: MediaPart, { losses, places }: Writing): JsonObject[] {
  losses.add(mediaType.startsWith('audio/') ? places.audio : places.image, 'unsupported');
  return [];
}

/** The wire takes letters, digits, `_` and `-`; some providers number their calls `functions.name:0`. */
function idOf(callId: string): string {
  return callId.replace(/[^A-Za-z0-9_-]/g, '_');
}
