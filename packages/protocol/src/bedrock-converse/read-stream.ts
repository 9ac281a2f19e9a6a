import { badStream, CUT_STREAM, EVENT_NOT_JSON } from '../bad-reply.ts';
import type { Citation } from '../call.ts';
import type { Frame, StreamReader } from '../dialect.ts';
import type { Event, PartStart } from '../event.ts';
import { isObject, type Json, type JsonObject, parseJson, textOf } from '../json.ts';
import { CITATIONS_MAX } from '../reply-bounds.ts';
import type { Signature } from '../signature.ts';
import { readException } from './errors.ts';
import { readName } from './names.ts';
import { endEvent, readCitation, usageEvents } from './read-reply.ts';
import { ID, MAKER } from './wire.ts';

/** A block that has begun. A text has no start of its own; a kind that only this wire knows is gathered until it ends. */
type Block = {
  index: number;
  kind: PartStart['kind'];
  hasInput: boolean;
  signature: Signature | undefined;
  citations: Citation[];
  /** What an image or an opaque block is made of so far. */
  start: JsonObject;
  deltas: JsonObject[];
};

type State = {
  phase: 'waiting' | 'open' | 'stopped' | 'over';
  parts: number;
  /** By the number the wire gives them. */
  blocks: Map<number, Block>;
  hasUsage: boolean;
  /** What ended the message; the usage comes behind it. */
  ending: JsonObject;
};

/** Reads the events of a stream. Events and deltas of tomorrow are passed over. */
export function openReader(): StreamReader {
  const state: State = { phase: 'waiting', parts: 0, blocks: new Map(), hasUsage: false, ending: {} };
  return {
    read(frame: Frame) {
      if (state.phase === 'over') return [];
      const wire = parseJson(frame.data);
      if (!isObject(wire)) return fail(state, EVENT_NOT_JSON);
      return readEvent(state, frame.event ?? '', wire);
    },
    end() {
      if (state.phase === 'over') return [];
      // Usage is missing, but the reply is whole.
      if (state.phase === 'stopped') return finish(state);
      return fail(state, CUT_STREAM);
    },
  };
}

function readEvent(state: State, event: string, wire: JsonObject): Event[] {
  switch (event) {
    case 'contentBlockDelta':
      return readDelta(state, wire);
    case 'contentBlockStart':
      return startBlock(state, wire);
    case 'contentBlockStop':
      return endBlock(state, wire.contentBlockIndex);
    case 'messageStart':
      if (state.phase !== 'waiting') return fail(state, 'The provider began a second reply in one stream.');
      return begun(state);
    case 'messageStop':
      return stopMessage(state, wire);
    case 'metadata':
      return readMetadata(state, wire);
    default:
      if (!event.endsWith('Exception')) return [];
      state.phase = 'over';
      return [{ type: 'error', error: readException(event, { status: 500, wire, cause: wire }) }];
  }
}

function begun(state: State): Event[] {
  if (state.phase !== 'waiting') return [];
  state.phase = 'open';
  return [{ type: 'reply-start', id: '', model: '' }];
}

function startBlock(state: State, wire: JsonObject): Event[] {
  const at = wire.contentBlockIndex;
  const start = isObject(wire.start) ? wire.start : {};
  if (typeof at !== 'number' || state.phase === 'stopped' || state.blocks.has(at))
    return fail(state, 'The provider sent a block out of place.');
  const { toolUse } = start;
  if (isObject(toolUse) && toolUse.type === undefined) {
    const { events, block } = open(state, at, 'tool-call');
    const tool = { id: textOf(toolUse.toolUseId), name: readName(textOf(toolUse.name)) };
    return [...events, { type: 'part-start', index: block.index, kind: 'tool-call', tool }];
  }
  // A start that says nothing leaves the kind to the first delta.
  if (Object.keys(start).length === 0) return begun(state);
  const { events, block } = open(state, at, 'opaque');
  block.start = start;
  return events;
}

function open(state: State, at: number, kind: Block['kind']): { events: Event[]; block: Block } {
  const events = begun(state);
  const index = state.parts;
  state.parts += 1;
  const block: Block = {
    index,
    kind,
    hasInput: false,
    signature: undefined,
    citations: [],
    start: {},
    deltas: [],
  };
  state.blocks.set(at, block);
  return { events, block };
}

function readDelta(state: State, wire: JsonObject): Event[] {
  const at = wire.contentBlockIndex;
  const { delta } = wire;
  if (typeof at !== 'number' || !isObject(delta) || state.phase === 'stopped')
    return fail(state, 'The provider sent a delta of no block.');
  const known = state.blocks.get(at);
  if (known !== undefined) return grow(known, delta);
  const kind = kindOf(delta);
  if (kind === undefined) return [];
  const { events, block } = open(state, at, kind);
  const start: Event[] =
    kind === 'text' || kind === 'thinking' ? [{ type: 'part-start', index: block.index, kind }] : [];
  return [...events, ...start, ...grow(block, delta)];
}

/** What a block is whose start said nothing. A tool call always says its name first. */
function kindOf(delta: JsonObject): 'text' | 'thinking' | 'opaque' | undefined {
  if (delta.text !== undefined || delta.citation !== undefined) return 'text';
  if (delta.reasoningContent !== undefined) return 'thinking';
  return delta.toolUse === undefined ? 'opaque' : undefined;
}

function grow(block: Block, delta: JsonObject): Event[] {
  const { text, toolUse, reasoningContent, citation } = delta;
  switch (block.kind) {
    case 'text':
      if (isObject(citation) && block.citations.length < CITATIONS_MAX)
        block.citations.push(readCitation(citation));
      return grown(block, text);
    case 'tool-call':
      return grown(block, isObject(toolUse) ? toolUse.input : undefined);
    case 'thinking':
      return isObject(reasoningContent) ? think(block, reasoningContent) : [];
    default:
      block.deltas.push(delta);
      return [];
  }
}

function grown(block: Block, value: Json | undefined): Event[] {
  const delta = textOf(value);
  if (delta === '') return [];
  block.hasInput = true;
  return [{ type: 'part-delta', index: block.index, delta }];
}

function think(block: Block, { text, signature, redactedContent }: JsonObject): Event[] {
  const value = (block.signature?.value ?? '') + textOf(signature) + textOf(redactedContent);
  if (value !== '') {
    block.signature = { maker: MAKER, value };
    if (typeof redactedContent === 'string') block.signature.isRedacted = true;
  }
  return grown(block, text);
}

function endBlock(state: State, at: Json | undefined): Event[] {
  const block = typeof at === 'number' ? state.blocks.get(at) : undefined;
  // A block without a single delta never began.
  if (typeof at !== 'number' || block === undefined) return [];
  state.blocks.delete(at);
  return closed(block);
}

function closed(block: Block): Event[] {
  const { index, kind, signature, citations } = block;
  if (kind === 'opaque') return [wholeStart(block), { type: 'part-end', index }];
  const end: Event = { type: 'part-end', index };
  if (signature !== undefined) end.signature = signature;
  if (citations.length > 0) end.citations = citations;
  const isBare = kind === 'tool-call' && !block.hasInput;
  return isBare ? [{ type: 'part-delta', index, delta: '{}' }, end] : [end];
}

function wholeStart({ index, start, deltas }: Block): PartStart {
  const { image } = start;
  if (isObject(image)) {
    const data = Buffer.concat(deltas.map((delta) => bytesOf(delta.image))).toString('base64');
    const mediaType = `image/${textOf(image.format)}`;
    return { type: 'part-start', index, kind: 'media', media: { kind: 'media', mediaType, data } };
  }
  return { type: 'part-start', index, kind: 'opaque', dialect: ID, value: { ...start, deltas } };
}

/** Each piece is base64 of its own. */
function bytesOf(image: Json | undefined): Buffer {
  const text = isObject(image) && isObject(image.source) ? textOf(image.source.bytes) : '';
  return Buffer.from(text, 'base64');
}

function stopMessage(state: State, wire: JsonObject): Event[] {
  if (state.phase === 'stopped') return fail(state, 'The provider ended a reply twice.');
  const events = [...begun(state), ...[...state.blocks.values()].flatMap(closed)];
  state.blocks.clear();
  state.phase = 'stopped';
  state.ending = wire;
  return state.hasUsage ? [...events, ...finish(state)] : events;
}

/** It comes last; some come before the end. */
function readMetadata(state: State, wire: JsonObject): Event[] {
  const events = [...begun(state), ...usageEvents(wire)];
  state.hasUsage = true;
  return state.phase === 'stopped' ? [...events, ...finish(state)] : events;
}

function finish(state: State): Event[] {
  state.phase = 'over';
  return [endEvent(state.ending)];
}

function fail(state: State, message: string): Event[] {
  state.phase = 'over';
  return [{ type: 'error', error: badStream(message) }];
}
