import { badStream, CUT_STREAM, EVENT_NOT_JSON } from '../bad-reply.ts';
import type { Frame, StreamReader } from '../dialect.ts';
import type { Event } from '../event.ts';
import { explodePart } from '../explode.ts';
import { isObject, type Json, type JsonObject, parseJson, textOf } from '../json.ts';
import { readCitations } from './citations.ts';
import { readErrorBody } from './errors.ts';
import { endEvent, readBlock, readRedacted, usageEvent } from './read-reply.ts';
import { sealOf, settleSeals } from './seals.ts';
import { type Block, closed, createBlock, gather, readCited, signatureOf } from './stream-block.ts';
import { mergeUsage } from './usage.ts';

type State = {
  phase: 'waiting' | 'open' | 'over';
  parts: number;
  /** By the number the wire gives them. */
  blocks: Map<number, Block>;
  /** The end of the part before, which waits for a seal that may follow it as a block. */
  held: { end: Event & { type: 'part-end' }; name: string | undefined } | undefined;
  usage: JsonObject;
  /** The message or delta that named the stop reason last. */
  ending: JsonObject;
};

/** Reads the events of a message stream. Events and deltas of tomorrow are passed over. */
export function openReader(): StreamReader {
  const state: State = {
    phase: 'waiting',
    parts: 0,
    blocks: new Map(),
    held: undefined,
    usage: {},
    ending: {},
  };
  return {
    read(frame: Frame) {
      if (state.phase === 'over' || frame.data === '') return [];
      const event = parseJson(frame.data);
      if (!isObject(event)) return fail(state, EVENT_NOT_JSON);
      // Its bytes go on to callers, some of whom go by the name alone.
      if (frame.event === 'message_stop' && event.type !== frame.event)
        return fail(state, 'The provider sent an end of a reply that does not say so.');
      return readEvent(state, event);
    },
    end: () => (state.phase === 'over' ? [] : fail(state, CUT_STREAM)),
  };
}

function readEvent(state: State, event: JsonObject): Event[] {
  switch (event.type) {
    case 'content_block_delta':
      return readDelta(state, event);
    case 'content_block_start':
      return startBlock(state, event);
    case 'content_block_stop':
      return endBlock(state, event.index);
    case 'message_start':
      return startMessage(state, event);
    case 'message_delta':
      if (state.phase !== 'open') return fail(state, 'The provider ended a reply that had not begun.');
      if (isObject(event.delta)) state.ending = event.delta;
      return [...release(state), ...readUsage(state, event.usage)];
    case 'message_stop':
      return endMessage(state);
    case 'error':
      state.phase = 'over';
      return [{ type: 'error', error: readErrorBody(event) }];
    default:
      return [];
  }
}

/** With programmatic tool calls a message may start with finished blocks and even its stop reason. */
function startMessage(state: State, event: JsonObject): Event[] {
  if (state.phase === 'open') return fail(state, 'The provider began a second reply in one stream.');
  const message = isObject(event.message) ? event.message : {};
  state.phase = 'open';
  state.ending = message;
  const events: Event[] = [{ type: 'reply-start', id: textOf(message.id), model: textOf(message.model) }];
  const blocks = Array.isArray(message.content) ? message.content.filter(isObject) : [];
  for (const part of settleSeals(blocks.map(readBlock))) {
    events.push(...explodePart(part, state.parts));
    state.parts += 1;
  }
  events.push(...readUsage(state, message.usage));
  return events;
}

function startBlock(state: State, event: JsonObject): Event[] {
  const wire = event.content_block;
  if (state.phase !== 'open' || typeof event.index !== 'number' || !isObject(wire))
    return fail(state, 'The provider sent a block out of place.');
  // A number that is used again ends the block that had it.
  const ended = state.blocks.has(event.index) ? endBlock(state, event.index) : [];
  const block = createBlock();
  state.blocks.set(event.index, block);
  if (wire.type === 'thinking' && state.held !== undefined && textOf(wire.thinking) === '') {
    block.signature = textOf(wire.signature);
    block.isHeld = true;
    return ended;
  }
  return [...ended, ...release(state), ...beginBlock(state, block, wire)];
}

function beginBlock(state: State, block: Block, wire: JsonObject): Event[] {
  const index = state.parts;
  state.parts += 1;
  block.index = index;
  switch (wire.type) {
    case 'text':
      block.name = undefined;
      block.citations = readCitations(wire.citations);
      return begun({ type: 'part-start', index, kind: 'text' }, textOf(wire.text));
    case 'thinking':
      block.signature = textOf(wire.signature);
      return begun({ type: 'part-start', index, kind: 'thinking' }, textOf(wire.thinking));
    case 'redacted_thinking':
      block.seal = readRedacted(wire);
      if (block.seal !== undefined) return [{ type: 'part-start', index, kind: 'thinking' }];
      break;
    case 'tool_use': {
      const { id, name } = wire;
      // The input is empty here and follows in pieces, unless the tool takes none or the call came whole.
      block.input = JSON.stringify(wire.input ?? {});
      block.name = textOf(id);
      return [{ type: 'part-start', index, kind: 'tool-call', tool: { id: block.name, name: textOf(name) } }];
    }
  }
  block.opaque = { ...wire };
  return [];
}

function begun(start: Event & { type: 'part-start' }, delta: string): Event[] {
  return delta === '' ? [start] : [start, { type: 'part-delta', index: start.index, delta }];
}

function readDelta(state: State, event: JsonObject): Event[] {
  const { delta } = event;
  const block = typeof event.index === 'number' ? state.blocks.get(event.index) : undefined;
  if (block === undefined || !isObject(delta)) return fail(state, 'The provider sent a delta of no block.');
  if (block.opaque !== undefined) {
    gather(block, delta);
    return [];
  }
  switch (delta.type) {
    case 'text_delta':
      return grow(state, block, textOf(delta.text));
    case 'thinking_delta':
      return grow(state, block, textOf(delta.thinking));
    case 'input_json_delta': {
      const text = textOf(delta.partial_json);
      if (text !== '') block.hasInput = true;
      return grow(state, block, text);
    }
    case 'signature_delta':
      block.signature += textOf(delta.signature);
      return [];
    case 'citations_delta':
      readCited(block, delta.citation);
      return [];
    default:
      return [];
  }
}

/** A held block with text is no seal of another part. */
function grow(state: State, block: Block, delta: string): Event[] {
  if (delta === '') return [];
  const begin = block.isHeld ? releaseThinking(state, block) : undefined;
  const event: Event = { type: 'part-delta', index: block.index, delta };
  return begin === undefined ? [event] : [...begin, event];
}

function releaseThinking(state: State, block: Block): Event[] {
  block.isHeld = false;
  const wire = { type: 'thinking', signature: block.signature };
  return [...release(state), ...beginBlock(state, block, wire)];
}

function release(state: State): Event[] {
  if (state.held === undefined) return [];
  const { end } = state.held;
  state.held = undefined;
  return [end];
}

function endBlock(state: State, wireIndex: Json | undefined): Event[] {
  const block = typeof wireIndex === 'number' ? state.blocks.get(wireIndex) : undefined;
  if (typeof wireIndex !== 'number' || block === undefined)
    return fail(state, 'The provider ended a block that was not open.');
  state.blocks.delete(wireIndex);
  if (block.isHeld) return endHeld(state, block);
  const events = [...release(state), ...closed(block)];
  const end = events.at(-1);
  if (block.name === '' || end?.type !== 'part-end') return events;
  state.held = { end, name: block.name };
  return events.slice(0, -1);
}

/** A thinking that said nothing: the seal of the part before it, or a part of its own. */
function endHeld(state: State, block: Block): Event[] {
  const signature = signatureOf(block);
  const { held } = state;
  const seal = signature === undefined ? undefined : sealOf(signature, held?.name);
  if (held === undefined || seal === undefined) return [...releaseThinking(state, block), ...closed(block)];
  held.end.signature = seal;
  return release(state);
}

/** Figures are running totals, and a later event may leave some out. */
function readUsage(state: State, usage: Json | undefined): Event[] {
  if (!isObject(usage)) return [];
  state.usage = mergeUsage(state.usage, usage);
  return [usageEvent(state.usage)];
}

function endMessage(state: State): Event[] {
  if (state.phase !== 'open') return fail(state, 'The provider ended a reply that had not begun.');
  state.phase = 'over';
  const left = [...state.blocks.values()].flatMap((block) =>
    block.isHeld ? endHeld(state, block) : closed(block),
  );
  return [...release(state), ...left, endEvent(state.ending)];
}

function fail(state: State, message: string): Event[] {
  state.phase = 'over';
  return [{ type: 'error', error: badStream(message) }];
}
