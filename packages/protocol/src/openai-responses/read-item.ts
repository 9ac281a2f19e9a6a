import type { AssistantPart, MediaPart, RefusalPart, TextPart, ThinkingPart } from '../call.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';
import { readSignature, type Signature } from '../signature.ts';
import { readAnnotations } from './citations.ts';
import { readLogprobs } from './logprobs.ts';
import { ID, MAKER, readSeal, realId } from './wire.ts';

/** Parts of one item of a reply, or the seal of the part before it. */
export type ReadItem = { parts: AssistantPart[]; seal?: Signature };

/** An item that only this dialect knows is opaque, and so is one that holds nothing but its id. */
export function readItem(item: JsonObject, fallbackId: string): ReadItem {
  switch (item.type) {
    case 'message':
      return { parts: contentOf(item).map(readSpoken) };
    case 'function_call':
      return { parts: [readToolCall(item, fallbackId)] };
    case 'reasoning':
      return readReasoning(item);
    case 'image_generation_call': {
      const media = readImage(item);
      return { parts: [media ?? { kind: 'opaque', dialect: ID, value: item }] };
    }
    default:
      return { parts: [{ kind: 'opaque', dialect: ID, value: item }] };
  }
}

export function contentOf(item: JsonObject): JsonObject[] {
  return Array.isArray(item.content) ? item.content.filter(isObject) : [];
}

/** A kind of content that has no name here is kept as a message that holds nothing else. */
export function readSpoken(content: JsonObject): AssistantPart {
  switch (content.type) {
    case 'output_text':
    case 'text':
      return readText(content);
    case 'refusal':
      return { kind: 'refusal', text: textOf(content.refusal) } satisfies RefusalPart;
    default:
      return wrapped(content, 'assistant');
  }
}

export function wrapped(content: JsonObject, role: string): AssistantPart & { kind: 'opaque' } {
  return { kind: 'opaque', dialect: ID, value: { type: 'message', role, content: [content] } };
}

export function readText(content: JsonObject): TextPart {
  const part: TextPart = { kind: 'text', text: textOf(content.text) };
  const citations = readAnnotations(content.annotations);
  const logprobs = readLogprobs(content.logprobs);
  if (citations !== undefined) part.citations = citations;
  if (logprobs !== undefined) part.logprobs = logprobs;
  return part;
}

export function readToolCall(item: JsonObject, fallbackId: string): AssistantPart & { kind: 'tool-call' } {
  const { call_id: callId, id, name, arguments: input } = item;
  return {
    kind: 'tool-call',
    id: textOf(callId) || textOf(id) || fallbackId,
    name: textOf(name),
    input: typeof input === 'string' ? input : JSON.stringify(input ?? {}),
  };
}

/** Summaries and the thinking itself, in this order. */
export function thinkingTexts(item: JsonObject): string[] {
  return [item.summary, item.content].flatMap((list: Json | undefined) =>
    Array.isArray(list) ? list.filter(isObject).map((entry) => textOf(entry.text)) : [],
  );
}

export const THINKING_SEPARATOR = '\n\n';

export function readReasoning(item: JsonObject): ReadItem {
  const encrypted = textOf(item.encrypted_content);
  const seal = readSeal(encrypted);
  if (seal !== undefined) return { parts: [], seal };
  const text = thinkingTexts(item).join(THINKING_SEPARATOR);
  if (text === '' && encrypted === '') {
    return realId(item.id) === undefined
      ? { parts: [] }
      : { parts: [{ kind: 'opaque', dialect: ID, value: item }] };
  }
  const part: ThinkingPart = { kind: 'thinking', text };
  const signature = readThinkingSignature(item);
  if (signature !== undefined) part.signature = signature;
  return { parts: [part] };
}

export function readThinkingSignature(item: JsonObject): Signature | undefined {
  const encrypted = textOf(item.encrypted_content);
  if (encrypted === '') return undefined;
  const signature = readSignature(encrypted, MAKER);
  const id = realId(item.id);
  return signature.maker === MAKER && signature.id === undefined && id !== undefined
    ? { ...signature, id }
    : signature;
}

/** How the base64 of a file of each type begins. */
const IMAGE_STARTS: [string, string][] = [
  ['iVBORw', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['UklGR', 'image/webp'],
  ['R0lGOD', 'image/gif'],
];

/** An image that is complete, whatever its status says: Azure calls some `generating` that are. */
export function readImage(item: JsonObject): MediaPart | undefined {
  const data = textOf(item.result);
  if (data === '') return undefined;
  const format = textOf(item.output_format);
  const mediaType =
    format === ''
      ? (IMAGE_STARTS.find(([start]) => data.startsWith(start))?.[1] ?? 'image/png')
      : `image/${format}`;
  const id = realId(item.id);
  return id === undefined ? { kind: 'media', mediaType, data } : { kind: 'media', mediaType, data, id };
}
