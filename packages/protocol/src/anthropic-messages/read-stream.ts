import type { Frame, StreamReader } from '../dialect.ts';
import { GatewayError } from '../error.ts';
import type { Event } from '../event.ts';
import { explodePart } from '../explode.ts';
import { isObject, type Json, type JsonObject, parseJson } from '../json.ts';
import { readSignature } from '../signature.ts';
import { readErrorBody } from './errors.ts';
import { endEvent, readBlock, textOf, usageEvent } from './read-reply.ts';
import { mergeUsage } from './usage.ts';
import { ID, MAKER } from './wire.ts';

type Block = {
  index: number;
  signature: string;
  /** False until the input of a tool call got its first piece. */
  hasInput: boolean;
  /** The whole input that came with the start of a tool call, for when no pieces follow. */
  input: string;
  /** A block that only this dialect knows, gathered until it is whole. */
  opaque: JsonObject | undefined;
};

type State = {
  phase: 'waiting' | 'open' | 'over';
  parts: number;
  /** By the number the wire gives them. */
  blocks: Map<number, Block>;
  usage: JsonObject;
  /** The message or delta that named the stop reason last. */
  ending: JsonObject;
};

/** Reads the events of a message stream. Events and deltas of tomorrow are passed over. */
export function openReader(): StreamReader {
  const state: State = { phase: 'waiting', parts: 0, blocks: new Map(), usage: {}, ending: {} };
  return {
    read(frame: Frame) {
      if (state.phase === 'over' || frame.data === '') return [];
      const event = parseJson(frame.data);
      if (!isObject(event)) return fail(state, 'The provider sent a stream event that is not JSON.');
      return readEvent(state, event);
    },
    end: () => (state.phase === 'over' ? [] : fail(state, 'The provider cut the stream before its end.')),
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
      if (isObject(event.delta)) state.ending = event.delta;
      return readUsage(state, event.usage);
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
  for (const block of Array.isArray(message.content) ? message.content : []) {
    if (!isObject(block)) continue;
    events.push(...explodePart(readBlock(block), state.parts));
    state.parts += 1;
  }
  events.push(...readUsage(state, message.usage));
  return events;
}

function startBlock(state: State, event: JsonObject): Event[] {
  const wire = event.content_block;
  if (state.phase !== 'open' || typeof event.index !== 'number' || !isObject(wire))
    return fail(state, 'The provider sent a block out of place.');
  const index = state.parts;
  state.parts += 1;
  const block: Block = { index, signature: '', hasInput: false, input: '', opaque: undefined };
  state.blocks.set(event.index, block);
  switch (wire.type) {
    case 'text':
      return begun({ type: 'part-start', index, kind: 'text' }, textOf(wire.text));
    case 'thinking':
      block.signature = textOf(wire.signature);
      return begun({ type: 'part-start', index, kind: 'thinking' }, textOf(wire.thinking));
    case 'tool_use': {
      const { id, name } = wire;
      // The input is empty here and follows in pieces, unless the tool takes none or the call came whole.
      block.input = JSON.stringify(wire.input ?? {});
      const tool = { id: textOf(id), name: textOf(name) };
      return [{ type: 'part-start', index, kind: 'tool-call', tool }];
    }
    default:
      block.opaque = { ...wire };
      return [];
  }
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
      return grown(block, textOf(delta.text));
    case 'thinking_delta':
      return grown(block, textOf(delta.thinking));
    case 'input_json_delta': {
      const text = textOf(delta.partial_json);
      if (text !== '') block.hasInput = true;
      return grown(block, text);
    }
    case 'signature_delta':
      block.signature += textOf(delta.signature);
      return [];
    default:
      return [];
  }
}

function grown({ index }: Block, delta: string): Event[] {
  return delta === '' ? [] : [{ type: 'part-delta', index, delta }];
}

/** Strings grow, a piece of JSON belongs to the input, anything else is set. */
function gather(block: Block, delta: JsonObject): void {
  const { opaque } = block;
  if (opaque === undefined) return;
  for (const key of Object.keys(delta)) {
    const value = delta[key];
    if (key === 'type' || key === '__proto__') continue;
    if (key === 'partial_json') block.input += textOf(value);
    else if (typeof value === 'string') opaque[key] = textOf(opaque[key]) + value;
    else opaque[key] = value;
  }
}

function endBlock(state: State, wireIndex: Json | undefined): Event[] {
  const block = typeof wireIndex === 'number' ? state.blocks.get(wireIndex) : undefined;
  if (typeof wireIndex !== 'number' || block === undefined)
    return fail(state, 'The provider ended a block that was not open.');
  state.blocks.delete(wireIndex);
  return closed(block);
}

function closed({ index, opaque, input, hasInput, signature }: Block): Event[] {
  if (opaque !== undefined) {
    const whole = parseJson(input);
    const value = whole === undefined ? opaque : { ...opaque, input: whole };
    return [
      { type: 'part-start', index, kind: 'opaque', dialect: ID, value },
      { type: 'part-end', index },
    ];
  }
  const end: Event = { type: 'part-end', index };
  if (signature !== '') end.signature = readSignature(signature, MAKER);
  return input === '' || hasInput ? [end] : [{ type: 'part-delta', index, delta: input }, end];
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
  return [...[...state.blocks.values()].flatMap(closed), endEvent(state.ending)];
}

function fail(state: State, message: string): Event[] {
  state.phase = 'over';
  return [{ type: 'error', error: new GatewayError('provider_bad_response', message) }];
}
