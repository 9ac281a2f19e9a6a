import type {
  AssistantPart,
  Call,
  ImagePart,
  OpaquePart,
  TextPart,
  ToolResultPart,
  UserPart,
} from '../call.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { type Losses, wordsOf } from '../losses.ts';
import { carrySignature } from '../signature.ts';
import type { Words } from '../words.ts';
import { ID, MAKER, writeCache, writeInput } from './wire.ts';

type Writing = { losses: Losses; words: Words; isOwn: boolean };
type WireMessage = { role: 'user' | 'assistant' | 'system'; content: JsonObject[] };

/** Messages of another dialect that follow each other in one role become one, as results must come in one turn. */
export function writeMessages(call: Call, losses: Losses): JsonObject[] {
  const writing: Writing = { losses, words: wordsOf(call), isOwn: call.extra.dialect === ID };
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

/** A plain text is a string; marks need a list. */
export function writeTexts(parts: TextPart[]): Json {
  const [first] = parts;
  if (first !== undefined && parts.length === 1 && first.cache === undefined) return first.text;
  return parts.map((part) => withCache({ type: 'text', text: part.text }, part));
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
  if (writing.isOwn) return { role: 'system', content: message.parts.flatMap(writeText) };
  writing.losses.add(writing.words.midSystem, 'changed');
  const marked = message.parts.map((part) => ({ ...part, text: `<system>\n${part.text}\n</system>` }));
  return { role: 'user', content: marked.flatMap(writeText) };
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

function writeShownPart(part: Exclude<UserPart, ToolResultPart>, writing: Writing): JsonObject[] {
  if (part.kind === 'text') return writeText(part);
  if (part.kind === 'image') return [writeImage(part, writing)];
  if (part.kind === 'audio' || part.kind === 'file') {
    writing.losses.add(writing.words[part.kind], 'unsupported');
    return [];
  }
  return writeOpaque(part, writing);
}

/** An empty text is refused, and says nothing. */
function writeText(part: TextPart): JsonObject[] {
  return part.text === '' ? [] : [withCache({ type: 'text', text: part.text }, part)];
}

function writeImage(part: ImagePart, { losses }: Writing): JsonObject {
  if (part.detail !== undefined && part.detail !== 'auto')
    losses.add('messages[].content[].image_url.detail', 'unsupported');
  const { source } = part;
  const wire: JsonObject =
    source.kind === 'url'
      ? { type: 'url', url: source.url }
      : { type: 'base64', media_type: source.mediaType, data: source.data };
  return withCache({ type: 'image', source: wire }, part);
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
      return writeText(part);
    case 'tool-call':
      return [
        withCache(
          { type: 'tool_use', id: idOf(part.id), name: part.name, input: writeInput(part.input) },
          part,
        ),
      ];
    case 'thinking':
      if (part.signature !== undefined)
        return [{ type: 'thinking', thinking: part.text, signature: carrySignature(part.signature, MAKER) }];
      // Without its signature the wire refuses it.
      writing.losses.add(writing.words.thinkingPart, 'unsupported');
      return [];
    case 'refusal':
      return writeText({ kind: 'text', text: part.text });
    case 'media':
      writing.losses.add('messages[].content[].media', 'unsupported');
      return [];
    case 'opaque':
      return writeOpaque(part, writing);
  }
}

function writeOpaque(part: OpaquePart, { losses }: Writing): JsonObject[] {
  const value = isObject(part.value) ? part.value : {};
  if (part.dialect === ID) return [value];
  losses.add(
    `messages[].content[].${typeof value.type === 'string' ? value.type : 'unknown'}`,
    'unsupported',
  );
  return [];
}

/** The wire takes letters, digits, `_` and `-`; some providers number their calls `functions.name:0`. */
function idOf(callId: string): string {
  return callId.replace(/[^A-Za-z0-9_-]/g, '_');
}

function withCache(block: JsonObject, part: Pick<TextPart, 'cache'>): JsonObject {
  if (part.cache !== undefined) block.cache_control = writeCache(part.cache);
  return block;
}
