import type { Call } from '../call.ts';
import type { Frame, ReplyFacts, StreamWriter } from '../dialect.ts';
import type { Event, PartStart } from '../event.ts';
import { isObject, type JsonObject } from '../json.ts';
import { carrySignature, type Signature } from '../signature.ts';
import type { Usage } from '../usage.ts';
import { writeError } from './errors.ts';
import { writeStop } from './stops.ts';
import { writeUsage } from './usage.ts';
import { ID, MAKER } from './wire.ts';

type Part = {
  start: PartStart;
  /** What came while another block was open. */
  held: string;
  ended: { signature: Signature | undefined } | undefined;
};

type State = {
  /** A reply's start waits for the usage that may follow it at once, because the first event tells the input. */
  heldStart: (Event & { type: 'reply-start' }) | undefined;
  usage: Usage;
  /** In the order of their start; the first is the open block, the others wait. */
  parts: Part[];
  /** The number of the open block. */
  block: number;
  phase: 'open' | 'ended' | 'failed';
};

/**
 * Writes the events of a message stream. The wire has one open block at a time, so parts that alternate are held back
 * until the one before them is over.
 */
export function openWriter(_call: Call, facts: ReplyFacts = {}): StreamWriter {
  const state: State = { heldStart: undefined, usage: {}, parts: [], block: -1, phase: 'open' };
  return {
    write(event) {
      if (state.phase === 'failed') return [];
      switch (event.type) {
        case 'reply-start':
          state.heldStart = event;
          return [];
        case 'usage':
          state.usage = { ...state.usage, ...event.usage };
          return [];
        case 'error': {
          state.phase = 'failed';
          const { body } = writeError(event.error, facts.requestId ?? '');
          return [frame('error', body)];
        }
        case 'reply-end':
          return [...startMessage(state), ...endMessage(state, event)];
        default:
          return state.heldStart === undefined
            ? writePart(state, event)
            : [...startMessage(state), ...writePart(state, event)];
      }
    },
    end: () => (state.phase === 'ended' ? [frame('message_stop', { type: 'message_stop' })] : []),
  };
}

function startMessage(state: State): Frame[] {
  const start = state.heldStart;
  if (start === undefined) return [];
  state.heldStart = undefined;
  const message = {
    id: start.id,
    type: 'message',
    role: 'assistant',
    model: start.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: writeUsage(state.usage),
  };
  return [frame('message_start', { type: 'message_start', message })];
}

function writePart(state: State, event: Event): Frame[] {
  switch (event.type) {
    case 'part-start': {
      if (event.kind === 'media' || (event.kind === 'opaque' && event.dialect !== ID)) return [];
      const part: Part = { start: event, held: '', ended: undefined };
      state.parts.push(part);
      return state.parts.length === 1 ? [startBlock(state, part)] : [];
    }
    case 'part-delta': {
      const [open] = state.parts;
      if (open?.start.index === event.index) return [delta(state, open, event.delta)];
      const part = state.parts.find((waiting) => waiting.start.index === event.index);
      if (part !== undefined) part.held += event.delta;
      return [];
    }
    case 'part-end': {
      const part = state.parts.find((one) => one.start.index === event.index);
      if (part !== undefined) part.ended = { signature: event.signature };
      return part === state.parts[0] ? advance(state) : [];
    }
    default:
      return [];
  }
}

/** Closes the open block and writes the waiting ones, up to the first that still grows. */
function advance(state: State): Frame[] {
  const frames: Frame[] = [];
  for (;;) {
    const [open] = state.parts;
    if (open?.ended === undefined) return frames;
    frames.push(...endBlock(state, open));
    state.parts.shift();
    const [next] = state.parts;
    if (next === undefined) return frames;
    frames.push(startBlock(state, next));
    if (next.held !== '') frames.push(delta(state, next, next.held));
  }
}

function startBlock(state: State, { start }: Part): Frame {
  state.block += 1;
  return frame('content_block_start', {
    type: 'content_block_start',
    index: state.block,
    content_block: blockOf(start),
  });
}

function blockOf(start: PartStart): JsonObject {
  switch (start.kind) {
    case 'text':
    case 'refusal':
      return { type: 'text', text: '' };
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'tool-call':
      return { type: 'tool_use', id: start.tool.id, name: start.tool.name, input: {} };
    case 'media':
      return {};
    case 'opaque':
      return isObject(start.value) ? start.value : {};
  }
}

const DELTAS = {
  text: '"text_delta","text"',
  thinking: '"thinking_delta","thinking"',
  'tool-call': '"input_json_delta","partial_json"',
  refusal: '"text_delta","text"',
  media: '"text_delta","text"',
  opaque: '"text_delta","text"',
};

/** Written by hand, as this is nearly every frame of a stream. */
function delta(state: State, { start }: Part, text: string): Frame {
  const head = `{"type":"content_block_delta","index":${state.block},"delta":{"type":${DELTAS[start.kind]}:`;
  return { event: 'content_block_delta', data: `${head}${JSON.stringify(text)}}}` };
}

function endBlock(state: State, { ended }: Part): Frame[] {
  const index = state.block;
  const stop = frame('content_block_stop', { type: 'content_block_stop', index });
  if (ended?.signature === undefined) return [stop];
  const signature = { type: 'signature_delta', signature: carrySignature(ended.signature, MAKER) };
  return [frame('content_block_delta', { type: 'content_block_delta', index, delta: signature }), stop];
}

function endMessage(state: State, event: Event & { type: 'reply-end' }): Frame[] {
  state.phase = 'ended';
  // A part that nobody closed is over when the reply is.
  for (const part of state.parts) part.ended ??= { signature: undefined };
  const stop = {
    stop_reason: writeStop(event.stop, event.rawStop),
    stop_sequence: event.stopSequence ?? null,
  };
  const last = { type: 'message_delta', delta: stop, usage: writeUsage(state.usage) };
  return [...advance(state), frame('message_delta', last)];
}

function frame(event: string, body: JsonObject): Frame {
  return { event, data: JSON.stringify(body) };
}
