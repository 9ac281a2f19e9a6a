import type { AssistantPart, Call, ImagePart, OpaquePart, ToolResultPart, UserPart } from '../call.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { type Losses, wordsOf } from '../losses.ts';
import type { Words } from '../words.ts';
import { ID } from './wire.ts';

type Writing = { losses: Losses; words: Words; isOwn: boolean };

/** The conversation, instructions first. Losses are told in the caller's words. */
export function writeMessages(call: Call, losses: Losses): JsonObject[] {
  const writing: Writing = { losses, words: wordsOf(call), isOwn: call.extra.dialect === ID };
  const system = call.system.length === 0 ? [] : [{ role: 'system', content: content(call.system, writing) }];
  const rest = call.messages.flatMap((message): JsonObject[] => {
    if (message.role === 'system') return [{ role: 'system', content: content(message.parts, writing) }];
    return message.role === 'user'
      ? writeUser(message.parts, writing)
      : writeAssistant(message.parts, writing);
  });
  return [...system, ...rest];
}

/** Results of tools are messages of their own and hold text alone; their images follow in the user's message. */
function writeUser(parts: UserPart[], writing: Writing): JsonObject[] {
  const results = parts.filter((part) => part.kind === 'tool-result');
  const spoken = parts.filter((part) => part.kind !== 'tool-result');
  const images = results.flatMap((result) => result.parts.filter((part) => part.kind === 'image'));
  if (images.length > 0) writing.losses.add('messages[].content[].content', 'changed');
  const messages = results.map((result) => writeResult(result, writing));
  const asked = [...images, ...spoken];
  if (asked.length > 0 || results.length === 0)
    messages.push({ role: 'user', content: content(asked, writing) });
  return messages;
}

function writeResult(result: ToolResultPart, writing: Writing): JsonObject {
  const { losses } = writing;
  if (result.isError) losses.add('messages[].content[].is_error', 'unsupported');
  noteCache(result, writing);
  const parts = result.parts.filter((part) => part.kind !== 'image');
  return { role: 'tool', tool_call_id: result.callId, content: content(parts, writing) };
}

function writeAssistant(parts: AssistantPart[], writing: Writing): JsonObject[] {
  const { losses, words, isOwn } = writing;
  const message: JsonObject = { role: 'assistant' };
  const thinking = parts.filter((part) => part.kind === 'thinking');
  // Providers refuse thinking that is not theirs, and none of this dialect can check a signature.
  if (thinking.length > 0 && isOwn) message.reasoning_content = thinking.map((part) => part.text).join('');
  else if (thinking.length > 0) losses.add(words.thinkingPart, 'unsupported');
  const calls = parts.flatMap((part) => writeToolCall(part, writing));
  const spoken = parts.flatMap((part) =>
    part.kind === 'text' || (part.kind === 'opaque' && !isToolCall(part)) ? [part] : [],
  );
  message.content = spoken.length === 0 && calls.length > 0 ? null : content(spoken, writing);
  if (calls.length > 0) message.tool_calls = calls;
  return [message];
}

function isToolCall(part: OpaquePart): boolean {
  return part.dialect === ID && isObject(part.value) && typeof part.value.id === 'string';
}

function writeToolCall(part: AssistantPart, writing: Writing): Json[] {
  if (part.kind === 'opaque') return isToolCall(part) ? [part.value] : [];
  if (part.kind !== 'tool-call') return [];
  noteCache(part, writing);
  return [{ id: part.id, type: 'function', function: { name: part.name, arguments: part.input } }];
}

/** One plain text is a string, anything else a list. */
function content(parts: Exclude<UserPart, ToolResultPart>[], writing: Writing): Json {
  const wire = parts.flatMap((part) => writePart(part, writing));
  const [first] = wire;
  if (first === undefined) return '';
  if (wire.length > 1 || first.type !== 'text' || first.text === '') return wire;
  return first.text ?? '';
}

function writePart(part: Exclude<UserPart, ToolResultPart>, writing: Writing): JsonObject[] {
  noteCache(part, writing);
  if (part.kind === 'text') return [{ type: 'text', text: part.text }];
  if (part.kind === 'image') return [writeImage(part)];
  if (part.kind === 'audio' || part.kind === 'file') {
    writing.losses.add(writing.words[part.kind], 'unsupported');
    return [];
  }
  const value = isObject(part.value) ? part.value : {};
  if (part.dialect === ID) return [value];
  const type = typeof value.type === 'string' ? value.type : 'unknown';
  writing.losses.add(`messages[].content[].${type}`, 'unsupported');
  return [];
}

function writeImage({ source, detail }: ImagePart): JsonObject {
  const image: JsonObject = {
    url: source.kind === 'url' ? source.url : `data:${source.mediaType};base64,${source.data}`,
  };
  if (detail !== undefined) image.detail = detail;
  return { type: 'image_url', image_url: image };
}

function noteCache(part: { cache?: object }, { losses, words }: Writing): void {
  if (part.cache !== undefined) losses.add(`messages[].content[].${words.cache}`, 'unsupported');
}
