import type { AssistantPart, MediaPart, RefusalPart, TextPart } from '../call.ts';
import { isObject, type JsonObject } from '../json.ts';
import { carrySignature, type Signature } from '../signature.ts';
import { writeAnnotations } from './citations.ts';
import { writeLogprobs } from './logprobs.ts';
import { carrySeal, ID, itemId, MAKER } from './wire.ts';

/**
 * The items of a whole reply. Texts and refusals in a row are one message. What only another dialect understands is left
 * out, and so is sound, which this wire has no item for.
 */
export function writeOutput(parts: readonly AssistantPart[], replyId: string): JsonObject[] {
  const items: JsonObject[] = [];
  let spoken: JsonObject[] | undefined;
  for (const part of parts) {
    const isSpoken = part.kind === 'text' || part.kind === 'refusal';
    if (isSpoken) {
      if (spoken === undefined) {
        spoken = [];
        items.push(messageItem(itemId('msg', replyId, items.length), spoken));
      }
      spoken.push(spokenContent(part));
    } else {
      const item = writeItem(part, replyId, items.length);
      if (item === undefined) continue;
      spoken = undefined;
      items.push(item);
    }
    const seal = sealOf(part);
    if (seal === undefined) continue;
    spoken = undefined;
    items.push(sealItem(itemId('rs', replyId, items.length), seal));
  }
  return items;
}

/** The seal that the part's own item has no field for. */
function sealOf(part: AssistantPart): Signature | undefined {
  return part.kind === 'text' || part.kind === 'tool-call' || part.kind === 'media'
    ? part.signature
    : undefined;
}

function writeItem(part: AssistantPart, replyId: string, place: number): JsonObject | undefined {
  switch (part.kind) {
    case 'thinking': {
      const { signature, text } = part;
      const own = signature?.maker === MAKER ? signature.id : undefined;
      const item = reasoningItem(own ?? itemId('rs', replyId, place), text);
      if (signature !== undefined) item.encrypted_content = carrySignature(signature, MAKER);
      return item;
    }
    case 'tool-call':
      return callItem(itemId('fc', replyId, place), part, part.input);
    case 'media':
      return imageItem(itemId('ig', replyId, place), part);
    case 'opaque':
      return part.dialect === ID && isObject(part.value) ? part.value : undefined;
    default:
      return undefined;
  }
}

export function messageItem(id: string, content: JsonObject[]): JsonObject {
  return { id, type: 'message', status: 'completed', role: 'assistant', content };
}

export function spokenContent(part: TextPart | RefusalPart): JsonObject {
  if (part.kind === 'refusal') return { type: 'refusal', refusal: part.text };
  return {
    type: 'output_text',
    text: part.text,
    annotations: writeAnnotations(part.citations, part.text.length),
    logprobs: writeLogprobs(part.logprobs),
  };
}

export function reasoningItem(id: string, text: string): JsonObject {
  return { id, type: 'reasoning', summary: text === '' ? [] : [{ type: 'summary_text', text }] };
}

export function sealItem(id: string, seal: Signature): JsonObject {
  return { ...reasoningItem(id, ''), encrypted_content: carrySeal(seal) };
}

export function callItem(id: string, call: { id: string; name: string }, input: string): JsonObject {
  return {
    id,
    type: 'function_call',
    status: 'completed',
    arguments: input,
    call_id: call.id,
    name: call.name,
  };
}

/** Undefined for sound. */
export function imageItem(id: string, media: MediaPart): JsonObject | undefined {
  if (!media.mediaType.startsWith('image/')) return undefined;
  const format = media.mediaType.slice('image/'.length);
  return {
    id: media.id ?? id,
    type: 'image_generation_call',
    status: 'completed',
    output_format: format,
    result: media.data,
  };
}
