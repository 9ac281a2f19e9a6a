import type {
  AssistantPart,
  Call,
  MediaPart,
  OpaquePart,
  ThinkingPart,
  ToolResultPart,
  UserPart,
} from '../call.ts';
import { featurePath } from '../feature-paths.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { type Losses, wordsOf } from '../losses.ts';
import { writeGoogleSeal } from './google-seal.ts';
import { isAudio } from './media.ts';
import { writeDetails } from './reasoning-details.ts';
import { ID } from './wire.ts';
import { noteCache, type Writing as WritingParts, writeContent } from './write-part.ts';
import { annotationsOf, imagesOf, writeImages } from './write-reply.ts';

/** `places` are what the caller calls things that have no word of their own. */
type Writing = WritingParts & { places: { results: string; errors: string; image: string; audio: string } };

/** The conversation, instructions first. Losses are told in the caller's words. */
export function writeMessages(call: Call, losses: Losses): JsonObject[] {
  const { dialect } = call.extra;
  const places = {
    results: featurePath('result-image', dialect),
    errors: featurePath('result-error', dialect),
    image: featurePath('past-image', dialect),
    audio: featurePath('past-audio', dialect),
  };
  const writing: Writing = { losses, words: wordsOf(call), isOwn: dialect === ID, places };
  const system =
    call.system.length === 0 ? [] : [{ role: 'system', content: writeContent(call.system, writing) }];
  const rest = call.messages.flatMap((message): JsonObject[] => {
    if (message.role === 'system') return [{ role: 'system', content: writeContent(message.parts, writing) }];
    return message.role === 'user'
      ? writeUser(message.parts, writing)
      : [writeAssistant(message.parts, writing)];
  });
  return [...system, ...rest];
}

/** Results of tools are messages of their own and hold text alone; the rest follows in the user's message. */
function writeUser(parts: UserPart[], writing: Writing): JsonObject[] {
  const results = parts.filter((part) => part.kind === 'tool-result');
  const spoken = parts.filter((part) => part.kind !== 'tool-result');
  const shown = results.flatMap((result) => result.parts.filter(isShown));
  if (shown.length > 0) writing.losses.add(writing.places.results, 'changed');
  const messages = results.map((result) => writeResult(result, writing));
  const asked = [...shown, ...spoken];
  if (asked.length > 0 || results.length === 0)
    messages.push({ role: 'user', content: writeContent(asked, writing) });
  return messages;
}

function isShown(part: ToolResultPart['parts'][number]): boolean {
  return part.kind === 'image' || (part.kind === 'file' && part.source.kind !== 'text');
}

function writeResult(result: ToolResultPart, writing: Writing): JsonObject {
  if (result.isError) writing.losses.add(writing.places.errors, 'unsupported');
  noteCache(result, writing);
  const parts = result.parts.filter((part) => !isShown(part));
  return { role: 'tool', tool_call_id: result.callId, content: writeContent(parts, writing) };
}

function writeAssistant(parts: AssistantPart[], writing: Writing): JsonObject {
  const { losses, words, isOwn } = writing;
  const message: JsonObject = { role: 'assistant' };
  writeThinking(
    message,
    parts.filter((part) => part.kind === 'thinking'),
    writing,
  );
  const calls = parts.flatMap((part) => writeToolCall(part, writing));
  const texts = parts.filter((part) => part.kind === 'text');
  const spoken = parts.flatMap((part) =>
    part.kind === 'text' || (part.kind === 'opaque' && !isBeside(part)) ? [part] : [],
  );
  const refusal = parts.flatMap((part) => (part.kind === 'refusal' ? [part.text] : [])).join('');
  const isSilent = spoken.length === 0 && (calls.length > 0 || refusal !== '');
  message.content = isSilent ? null : writeContent(spoken, writing);
  if (refusal !== '') message.refusal = refusal;
  const annotations = annotationsOf(texts);
  if (annotations.length > 0 && isOwn) message.annotations = annotations;
  if (!isOwn && texts.some((part) => part.citations !== undefined))
    losses.add(words.citations, 'unsupported');
  writeMedia(message, parts, writing);
  if (calls.length > 0) message.tool_calls = calls;
  const seal = texts.findLast((part) => part.signature !== undefined)?.signature;
  if (seal !== undefined && isOwn) message.extra_content = writeGoogleSeal(seal);
  else if (seal !== undefined) losses.add(words.thinkingPart, 'unsupported');
  return message;
}

/** Providers refuse thinking that is not theirs, and only a caller of this dialect knows whose it is. */
function writeThinking(message: JsonObject, thinking: ThinkingPart[], writing: Writing): void {
  if (thinking.length === 0) return;
  if (!writing.isOwn) {
    writing.losses.add(writing.words.thinkingPart, 'unsupported');
    return;
  }
  const text = thinking.map((part) => part.text).join('');
  const details = writeDetails(thinking);
  if (text !== '' || details === undefined) message.reasoning_content = text;
  if (details !== undefined) message.reasoning_details = details;
}

/** The wire takes back a sound by its id alone; images are OpenRouter's. */
function writeMedia(message: JsonObject, parts: AssistantPart[], writing: Writing): void {
  const { losses, isOwn, places } = writing;
  const media = parts.filter((part) => part.kind === 'media');
  if (!isOwn) {
    for (const part of media) losses.add(isAudio(part) ? places.audio : places.image, 'unsupported');
    return;
  }
  const images = parts.flatMap(writeImages);
  if (images.length > 0) message.images = images;
  const audio = media.find(isAudio);
  if (audio?.id !== undefined) message.audio = { id: audio.id };
  if (media.some((part) => isUnsaid(part, audio))) losses.add(places.audio, 'unsupported');
}

function isUnsaid(part: MediaPart, audio: MediaPart | undefined): boolean {
  if (isAudio(part)) return part !== audio || part.id === undefined;
  return !part.mediaType.startsWith('image/');
}

/** An opaque part that stands in a field of its own, not in the content. */
function isBeside(part: OpaquePart): boolean {
  return isToolCall(part) || (part.dialect === ID && imagesOf(part.value) !== undefined);
}

function isToolCall(part: OpaquePart): boolean {
  return part.dialect === ID && isObject(part.value) && typeof part.value.id === 'string';
}

function writeToolCall(part: AssistantPart, writing: Writing): Json[] {
  if (part.kind === 'opaque') return isToolCall(part) ? [part.value] : [];
  if (part.kind !== 'tool-call') return [];
  const { id, name, input, signature } = part;
  const wire: JsonObject = { id, type: 'function', function: { name, arguments: input } };
  noteCache(part, writing);
  if (signature !== undefined && writing.isOwn) wire.extra_content = writeGoogleSeal(signature);
  else if (signature !== undefined) writing.losses.add(writing.words.thinkingPart, 'unsupported');
  return [wire];
}
