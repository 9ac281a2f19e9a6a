import type { Event } from '../event.ts';
import { explodePart } from '../explode.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';
import { readAnnotations } from './citations.ts';
import { readLogprobs } from './logprobs.ts';
import {
  contentOf,
  readItem,
  readSpoken,
  readThinkingSignature,
  THINKING_SEPARATOR,
  thinkingTexts,
} from './read-item.ts';
import {
  addItem,
  grow,
  type Item,
  type Items,
  lookUp,
  type OpenPart,
  placeOf,
  startTool,
} from './stream-items.ts';

/** The item is whole here, so that one which came without deltas is still read. */
export function endItem(items: Items, event: JsonObject): void {
  const wire = isObject(event.item) ? event.item : {};
  const item = lookUp(items, event) ?? addItem(items, event, wire);
  if (!item.isDone) finishItem(items, item, wire);
}

/** Items that the stream left open, as the finished response has them. */
export function endItems(items: Items, output: readonly Json[]): void {
  for (const item of items.all) {
    const last = output[item.place];
    const isSame = isObject(last) && last.type === item.wire.type;
    if (!item.isDone) finishItem(items, item, isSame ? last : item.wire);
  }
}

export function endContent(items: Items, item: Item, event: JsonObject): void {
  const part = item.parts.get(placeOf(event));
  if (part !== undefined && isObject(event.part) && item.wire.type === 'message')
    finishContent(items, part, event.part);
}

function finishItem(items: Items, item: Item, wire: JsonObject): void {
  item.isDone = true;
  switch (wire.type) {
    case 'message':
      finishMessage(items, item, wire);
      break;
    case 'function_call':
      finishTool(items, item, wire);
      break;
    case 'reasoning':
      finishReasoning(items, item, wire);
      break;
    default:
      tellWhole(items, wire);
  }
  for (const part of item.parts.values()) endPart(items, part, {});
}

function finishMessage(items: Items, item: Item, wire: JsonObject): void {
  for (const [place, content] of contentOf(wire).entries()) {
    const part = item.parts.get(place);
    if (part !== undefined) finishContent(items, part, content);
    else explode(items, readSpoken(content));
  }
}

function finishContent(items: Items, part: OpenPart, content: JsonObject): void {
  if (part.isEnded) return;
  const text = textOf(content.text ?? content.refusal);
  const logprobs = readLogprobs(content.logprobs);
  if (!part.hasText && text !== '')
    grow(items, part, logprobs === undefined ? { delta: text } : { delta: text, logprobs });
  const citations = readAnnotations(content.annotations) ?? readAnnotations(part.annotations);
  endPart(items, part, citations === undefined ? {} : { citations });
}

function finishTool(items: Items, item: Item, wire: JsonObject): void {
  const part = item.parts.get(0) ?? startTool(items, item, wire);
  const input = item.held || textOf(wire.arguments);
  if (!part.hasText && input !== '') grow(items, part, { delta: input });
}

function finishReasoning(items: Items, item: Item, wire: JsonObject): void {
  const open = item.parts.get(0);
  if (open === undefined) {
    tellWhole(items, wire);
    return;
  }
  const text = thinkingTexts(wire).join(THINKING_SEPARATOR);
  if (!open.hasText && text !== '') grow(items, open, { delta: text });
  const signature = readThinkingSignature(wire);
  endPart(items, open, signature === undefined ? {} : { signature });
}

function tellWhole(items: Items, wire: JsonObject): void {
  const { parts, seal } = readItem(wire, `call_${items.partCount}`);
  if (seal !== undefined && items.end !== undefined) items.end.signature = seal;
  for (const part of parts) explode(items, part);
}

function explode(items: Items, part: Parameters<typeof explodePart>[0]): void {
  const index = items.partCount;
  items.partCount += 1;
  for (const event of explodePart(part, index)) items.push(event);
}

type Ending = Omit<Event & { type: 'part-end' }, 'type' | 'index'>;

function endPart(items: Items, part: OpenPart, ending: Ending): void {
  if (part.isEnded) return;
  part.isEnded = true;
  items.push({ type: 'part-end', index: part.index, ...ending });
}
