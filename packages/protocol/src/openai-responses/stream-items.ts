import type { TokenLogprob } from '../call.ts';
import type { Event } from '../event.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';
import { readToolCall, THINKING_SEPARATOR } from './read-item.ts';

export type OpenPart = {
  index: number;
  kind: 'text' | 'refusal' | 'thinking' | 'tool-call';
  hasText: boolean;
  /** Which summary or content of a reasoning item spoke last. */
  section: string;
  annotations: Json[];
  isEnded: boolean;
};

/** `parts` are by their place in the item; `held` are arguments that came before the call's name. */
export type Item = {
  wire: JsonObject;
  place: number;
  parts: Map<number, OpenPart>;
  held: string;
  isDone: boolean;
};

type PartEnd = Event & { type: 'part-end' };

/** The items of one stream, and the events they have become. */
export type Items = {
  all: Item[];
  byKey: Map<string, Item>;
  has: { toolCalls: boolean; refusal: boolean };
  /** The seal of a part may follow it as an item of its own, so the last end waits for the next event. */
  end: PartEnd | undefined;
  partCount: number;
  push(event: Event): void;
  take(): Event[];
};

export function openItems(): Items {
  let events: Event[] = [];
  const items: Items = {
    all: [],
    byKey: new Map(),
    has: { toolCalls: false, refusal: false },
    end: undefined,
    partCount: 0,
    push(event) {
      if (items.end !== undefined) events.push(items.end);
      items.end = undefined;
      if (event.type === 'part-start' && event.kind === 'tool-call') items.has.toolCalls = true;
      if (event.type === 'part-start' && event.kind === 'refusal') items.has.refusal = true;
      if (event.type === 'part-end') items.end = event;
      else events.push(event);
    },
    take() {
      const taken = events;
      events = [];
      return taken;
    },
  };
  return items;
}

export function startItem(items: Items, event: JsonObject): void {
  const wire = isObject(event.item) ? event.item : {};
  const item = addItem(items, event, wire);
  if (wire.type === 'function_call' && textOf(wire.name) !== '') startTool(items, item, wire);
}

/** Servers name the item of an event by its place, by its id, or not at all: then it is the latest. */
export function findItem(items: Items, event: JsonObject, type: string): Item {
  const found = lookUp(items, event);
  return found ?? addItem(items, event, { type });
}

export function lookUp(items: Items, event: JsonObject): Item | undefined {
  if (typeof event.output_index === 'number') return items.byKey.get(`#${event.output_index}`);
  const id = textOf(event.item_id) || (isObject(event.item) ? textOf(event.item.id) : '');
  const named = id === '' ? undefined : items.byKey.get(id);
  return named ?? (isObject(event.item) ? undefined : items.all.at(-1));
}

export function addItem(items: Items, event: JsonObject, wire: JsonObject): Item {
  const place = typeof event.output_index === 'number' ? event.output_index : items.all.length;
  const item: Item = { wire, place, parts: new Map(), held: '', isDone: false };
  items.all.push(item);
  if (typeof event.output_index === 'number') items.byKey.set(`#${event.output_index}`, item);
  const id = textOf(wire.id) || textOf(event.item_id);
  if (id !== '') items.byKey.set(id, item);
  return item;
}

export function openContent(items: Items, item: Item, event: JsonObject): void {
  const type = isObject(event.part) ? event.part.type : undefined;
  if (item.isDone || item.parts.has(placeOf(event))) return;
  if (type === 'output_text') startPart(items, item, { place: placeOf(event), kind: 'text' });
  if (type === 'refusal') startPart(items, item, { place: placeOf(event), kind: 'refusal' });
}

export function placeOf(event: JsonObject): number {
  return typeof event.content_index === 'number' ? event.content_index : 0;
}

type Start = { place: number; kind: 'text' | 'refusal' | 'thinking' };

function startPart(items: Items, item: Item, { place, kind }: Start): OpenPart {
  const part = addPart(items, item, { place, kind });
  items.push({ type: 'part-start', index: part.index, kind });
  return part;
}

export function startTool(items: Items, item: Item, wire: JsonObject): OpenPart {
  const part = addPart(items, item, { place: 0, kind: 'tool-call' });
  const { id, name } = readToolCall(wire, `call_${part.index}`);
  items.push({ type: 'part-start', index: part.index, kind: 'tool-call', tool: { id, name } });
  return part;
}

function addPart(
  items: Items,
  item: Item,
  { place, kind }: Pick<OpenPart, 'kind'> & { place: number },
): OpenPart {
  const index = items.partCount;
  items.partCount += 1;
  const part: OpenPart = { index, kind, hasText: false, section: '', annotations: [], isEnded: false };
  item.parts.set(place, part);
  return part;
}

type Told = { event: JsonObject; delta: string; logprobs?: TokenLogprob[] };

/** A delta of an item; what comes after the item's end is passed over. */
export function tellItem(items: Items, item: Item, told: Told): void {
  if (item.isDone) return;
  const { event, delta } = told;
  switch (item.wire.type) {
    case 'message': {
      const place = placeOf(event);
      const kind = event.type === 'response.refusal.delta' ? 'refusal' : 'text';
      grow(items, item.parts.get(place) ?? startPart(items, item, { place, kind }), told);
      break;
    }
    case 'reasoning': {
      const section =
        typeof event.summary_index === 'number' ? `s${event.summary_index}` : `c${placeOf(event)}`;
      const part = item.parts.get(0) ?? startPart(items, item, { place: 0, kind: 'thinking' });
      const isNext = part.section !== '' && part.section !== section;
      part.section = section;
      grow(items, part, { delta: isNext ? THINKING_SEPARATOR + delta : delta });
      break;
    }
    case 'function_call': {
      const part = item.parts.get(0);
      if (part === undefined) item.held += delta;
      else grow(items, part, { delta });
    }
  }
}

export function grow(
  items: Items,
  part: OpenPart,
  { delta, logprobs }: Pick<Told, 'delta' | 'logprobs'>,
): void {
  if (part.isEnded) return;
  part.hasText = true;
  const event: Event = { type: 'part-delta', index: part.index, delta };
  if (logprobs !== undefined) event.logprobs = logprobs;
  items.push(event);
}

/** Citations come one by one; the part that is done has them all. */
export function annotate(item: Item, event: JsonObject): void {
  if (isObject(event.annotation)) item.parts.get(placeOf(event))?.annotations.push(event.annotation);
}
