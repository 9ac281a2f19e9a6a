import { append } from '../append.ts';
import type { MediaPart } from '../call.ts';
import type { Frame } from '../dialect.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Signature } from '../signature.ts';
import { writeLogprobs } from './logprobs.ts';
import { type Delta, frameOf, nextNumber, type Output, type Part, type PartEnd } from './output.ts';
import { carryWithId, itemId } from './wire.ts';
import { callItem, imageItem, messageItem, reasoningItem, sealItem, spokenContent } from './write-item.ts';

const DELTAS = {
  text: 'response.output_text.delta',
  refusal: 'response.refusal.delta',
  thinking: 'response.reasoning_summary_text.delta',
  'tool-call': 'response.function_call_arguments.delta',
  media: '',
  opaque: '',
};

/** A text or refusal begins in the open message, anything else as an item of its own. */
export function startFrames(output: Output, part: Part): Frame[] {
  const { start } = part;
  if (start.kind === 'text' || start.kind === 'refusal') return startSpoken(output, part);
  const frames = closeMessage(output);
  const place = output.items.length;
  switch (start.kind) {
    case 'thinking': {
      const id = itemId('rs', output.replyId, place);
      standAt(part, { item_id: id, output_index: place, summary_index: 0 });
      return [...frames, added(output, reasoningItem(id, ''))];
    }
    case 'tool-call': {
      const id = itemId('fc', output.replyId, place);
      standAt(part, { item_id: id, output_index: place });
      return [...frames, added(output, { ...callItem(id, start.tool, ''), status: 'in_progress' })];
    }
    case 'media': {
      const item = imageOf(output, start.media);
      return [...frames, added(output, { ...item, status: 'in_progress', result: null })];
    }
    case 'opaque':
      return [...frames, added(output, isObject(start.value) ? start.value : {})];
  }
}

function startSpoken(output: Output, part: Part): Frame[] {
  const frames: Frame[] = [];
  const kind = part.start.kind === 'refusal' ? 'refusal' : 'text';
  if (kind === 'refusal') output.hasRefusal = true;
  if (output.message === undefined) {
    output.message = { id: itemId('msg', output.replyId, output.items.length), content: [] };
    frames.push(added(output, { ...messageItem(output.message.id, []), status: 'in_progress' }));
  }
  const { id, content } = output.message;
  standAt(part, { item_id: id, output_index: output.items.length, content_index: content.length });
  const empty = spokenContent({ kind, text: '' });
  return [...frames, frameOf(output, 'response.content_part.added', { ...part.at, part: empty })];
}

function standAt(part: Part, at: JsonObject): void {
  part.at = at;
  part.head = `${JSON.stringify({ type: DELTAS[part.start.kind], ...at }).slice(0, -1)},"delta":`;
}

function added(output: Output, item: JsonObject): Frame {
  return frameOf(output, 'response.output_item.added', { output_index: output.items.length, item });
}

/** Written by hand, as this is nearly every frame of a stream. */
export function deltaFrames(output: Output, part: Part, { delta, logprobs }: Delta): Frame[] {
  const { kind } = part.start;
  if (part.head === '') return [];
  const frames = kind === 'thinking' && part.text === '' ? [summaryAdded(output, part)] : [];
  part.text += delta;
  if (logprobs !== undefined) append(part.logprobs, logprobs);
  const told = kind === 'text' ? `,"logprobs":${logprobsText(logprobs)}` : '';
  const data = `${part.head}${JSON.stringify(delta)}${told},"sequence_number":${nextNumber(output)}}`;
  frames.push({ event: DELTAS[kind], data });
  return frames;
}

function logprobsText(logprobs: Delta['logprobs']): string {
  return logprobs === undefined ? '[]' : JSON.stringify(writeLogprobs(logprobs));
}

/** Thinking that shows nothing has no summary. */
function summaryAdded(output: Output, part: Part): Frame {
  const empty = { type: 'summary_text', text: '' };
  return frameOf(output, 'response.reasoning_summary_part.added', { ...part.at, part: empty });
}

export function endFrames(output: Output, part: Part, end: PartEnd): Frame[] {
  const { start } = part;
  switch (start.kind) {
    case 'text':
    case 'refusal':
      return [...endSpoken(output, part, end), ...sealFrames(output, end.signature)];
    case 'thinking':
      return endThinking(output, part, end);
    case 'tool-call': {
      const item = callItem(`${part.at.item_id}`, start.tool, part.text);
      const fields = { ...part.at, name: start.tool.name, arguments: part.text };
      return [
        frameOf(output, 'response.function_call_arguments.done', fields),
        done(output, item),
        ...sealFrames(output, end.signature),
      ];
    }
    case 'media': {
      const item = imageOf(output, start.media);
      const fields = { item_id: item.id, output_index: output.items.length };
      return [
        frameOf(output, 'response.image_generation_call.completed', fields),
        done(output, item),
        ...sealFrames(output, end.signature ?? start.media.signature),
      ];
    }
    case 'opaque':
      return [done(output, isObject(start.value) ? start.value : {})];
  }
}

function endSpoken(output: Output, part: Part, { citations }: PartEnd): Frame[] {
  const { text, logprobs, at, start } = part;
  const content =
    start.kind === 'refusal'
      ? spokenContent({ kind: 'refusal', text })
      : spokenContent({ kind: 'text', text, logprobs, ...(citations === undefined ? {} : { citations }) });
  output.message?.content.push(content);
  if (content.type === 'refusal') {
    return [
      frameOf(output, 'response.refusal.done', { ...at, refusal: content.refusal }),
      frameOf(output, 'response.content_part.done', { ...at, part: content }),
    ];
  }
  const annotations = Array.isArray(content.annotations) ? content.annotations : [];
  return [
    ...annotations.map((annotation, place) =>
      frameOf(output, 'response.output_text.annotation.added', {
        ...at,
        annotation_index: place,
        annotation,
      }),
    ),
    frameOf(output, 'response.output_text.done', { ...at, text: content.text, logprobs: content.logprobs }),
    frameOf(output, 'response.content_part.done', { ...at, part: content }),
  ];
}

/** The item's id was told before its seal was known, so the maker's own id travels with the seal. */
function endThinking(output: Output, { at, text }: Part, { signature }: PartEnd): Frame[] {
  const item = reasoningItem(`${at.item_id}`, text);
  if (signature !== undefined) item.encrypted_content = carryWithId(signature);
  if (text === '') return [done(output, item)];
  return [
    frameOf(output, 'response.reasoning_summary_text.done', { ...at, text }),
    frameOf(output, 'response.reasoning_summary_part.done', { ...at, part: { type: 'summary_text', text } }),
    done(output, item),
  ];
}

function done(output: Output, item: JsonObject): Frame {
  const frame = frameOf(output, 'response.output_item.done', { output_index: output.items.length, item });
  output.items.push(item);
  return frame;
}

function sealFrames(output: Output, seal: Signature | undefined): Frame[] {
  if (seal === undefined) return [];
  const frames = closeMessage(output);
  const id = itemId('rs', output.replyId, output.items.length);
  return [...frames, added(output, reasoningItem(id, '')), done(output, sealItem(id, seal))];
}

export function closeMessage(output: Output, status = 'completed'): Frame[] {
  const { message } = output;
  output.message = undefined;
  return message === undefined ? [] : [done(output, { ...messageItem(message.id, message.content), status })];
}

/** An image; sound never comes here. */
function imageOf(output: Output, media: MediaPart): JsonObject {
  return imageItem(itemId('ig', output.replyId, output.items.length), media) ?? {};
}
