import { append } from '../append.ts';
import type { Call } from '../call.ts';
import type { Frame, ReplyFacts, StreamWriter } from '../dialect.ts';
import type { Event, PartStart } from '../event.ts';
import { isObject, type JsonObject } from '../json.ts';
import { openPartQueue, type PartQueue } from '../part-queue.ts';
import { carrySignature, type Signature } from '../signature.ts';
import { billingOf } from '../tell-usage.ts';
import type { Billing, Usage } from '../usage.ts';
import { writeCitation } from './citations.ts';
import { writeError } from './errors.ts';
import { carryFor, isRedacted, writeThinking } from './seals.ts';
import { writeStop } from './stops.ts';
import { writeUsage } from './usage.ts';
import { ID, MAKER } from './wire.ts';

type PartEnd = Event & { type: 'part-end' };

type Part = {
  start: Exclude<PartStart, { kind: 'media' }>;
  /** False until its block begins; that of a thinking waits for a text, as encrypted ones have a block of their own. */
  isBegun: boolean;
  /** What came while another block was open. */
  held: string;
  end: PartEnd | undefined;
};

type State = {
  /** A reply's start waits for the usage that may follow it at once, because the first event tells the input. */
  heldStart: (Event & { type: 'reply-start' }) | undefined;
  usage: Usage;
  billing: Billing;
  /** In the order of their start; the first is the open block, the others wait. */
  parts: PartQueue<Part>;
  /** The number of the open block. */
  block: number;
  phase: 'open' | 'ended' | 'failed';
};

/**
 * Writes the events of a message stream. The wire has one open block at a time, so parts that alternate are held back
 * until the one before them is over.
 */
export function openWriter(_call: Call, facts: ReplyFacts = {}): StreamWriter {
  const state: State = {
    heldStart: undefined,
    usage: {},
    billing: {},
    parts: openPartQueue(),
    block: -1,
    phase: 'open',
  };
  return {
    write(event) {
      if (state.phase === 'failed') return [];
      switch (event.type) {
        case 'reply-start':
          state.heldStart = event;
          return [];
        case 'usage':
          state.usage = { ...state.usage, ...event.usage };
          state.billing = { ...state.billing, ...billingOf(event) };
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
    usage: writeUsage(state.usage, state.billing),
  };
  return [frame('message_start', { type: 'message_start', message })];
}

function writePart(state: State, event: Event): Frame[] {
  switch (event.type) {
    case 'part-start': {
      // The wire has nothing for what a model draws or speaks.
      if (event.kind === 'media' || (event.kind === 'opaque' && event.dialect !== ID)) return [];
      const part: Part = { start: event, isBegun: false, held: '', end: undefined };
      state.parts.add(part);
      return state.parts.first() === part && event.kind !== 'thinking' ? [startBlock(state, part)] : [];
    }
    case 'part-delta': {
      const open = state.parts.first();
      if (open?.start.index === event.index) return grow(state, open, event.delta);
      const part = state.parts.find(event.index);
      if (part !== undefined) part.held += event.delta;
      return [];
    }
    case 'part-end': {
      const part = state.parts.find(event.index);
      if (part !== undefined) part.end = event;
      return part === state.parts.first() ? advance(state) : [];
    }
    default:
      return [];
  }
}

/** Closes the open block and writes the waiting ones, up to the first that still grows. */
function advance(state: State): Frame[] {
  const frames: Frame[] = [];
  for (;;) {
    const open = state.parts.first();
    if (open?.end === undefined) return frames;
    append(frames, endBlock(state, open, open.end));
    state.parts.shift();
    const next = state.parts.first();
    if (next === undefined) return frames;
    if (next.held !== '') frames.push(...grow(state, next, next.held));
    else if (next.start.kind !== 'thinking') frames.push(startBlock(state, next));
  }
}

function grow(state: State, part: Part, text: string): Frame[] {
  return part.isBegun ? [delta(state, part, text)] : [startBlock(state, part), delta(state, part, text)];
}

function startBlock(state: State, part: Part): Frame {
  part.isBegun = true;
  return startWith(state, blockOf(part.start));
}

function startWith(state: State, block: JsonObject): Frame {
  state.block += 1;
  return frame('content_block_start', {
    type: 'content_block_start',
    index: state.block,
    content_block: block,
  });
}

function blockOf(start: Part['start']): JsonObject {
  switch (start.kind) {
    case 'text':
    case 'refusal':
      return { type: 'text', text: '' };
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'tool-call':
      return { type: 'tool_use', id: start.tool.id, name: start.tool.name, input: {} };
    case 'opaque':
      return isObject(start.value) ? start.value : {};
  }
}

const DELTAS = {
  text: '"text_delta","text"',
  refusal: '"text_delta","text"',
  thinking: '"thinking_delta","thinking"',
  'tool-call': '"input_json_delta","partial_json"',
  opaque: '"text_delta","text"',
};

/** Written by hand, as this is nearly every frame of a stream. */
function delta(state: State, { start }: Part, text: string): Frame {
  const head = `{"type":"content_block_delta","index":${state.block},"delta":{"type":${DELTAS[start.kind]}:`;
  return { event: 'content_block_delta', data: `${head}${JSON.stringify(text)}}}` };
}

function endBlock(state: State, part: Part, { signature, citations = [] }: PartEnd): Frame[] {
  const { start, isBegun } = part;
  if (start.kind === 'thinking') return endThinking(state, part, signature);
  const frames = isBegun ? [] : [startBlock(state, part)];
  for (const citation of citations.flatMap(writeCitation))
    frames.push(deltaWith(state, { type: 'citations_delta', citation }));
  frames.push(stopBlock(state));
  if (signature === undefined || start.kind === 'opaque' || start.kind === 'refusal') return frames;
  const callId = start.kind === 'tool-call' ? start.tool.id : undefined;
  // Whose seal it is stands in its name, as a stream cannot put it before its part.
  return [...frames, ...writeEmpty(state, carryFor(signature, callId))];
}

function endThinking(state: State, part: Part, signature: Signature | undefined): Frame[] {
  if (!part.isBegun && signature !== undefined && isRedacted(signature))
    return [startWith(state, writeThinking({ text: '', signature })), stopBlock(state)];
  const frames = part.isBegun ? [] : [startBlock(state, part)];
  if (signature !== undefined) frames.push(signatureDelta(state, carrySignature(signature, MAKER)));
  return [...frames, stopBlock(state)];
}

/** A thinking that is nothing but a seal. */
function writeEmpty(state: State, signature: string): Frame[] {
  const start = startWith(state, { type: 'thinking', thinking: '', signature: '' });
  return [start, signatureDelta(state, signature), stopBlock(state)];
}

function signatureDelta(state: State, signature: string): Frame {
  return deltaWith(state, { type: 'signature_delta', signature });
}

function deltaWith(state: State, wire: JsonObject): Frame {
  return frame('content_block_delta', {
    type: 'content_block_delta',
    index: state.block,
    delta: wire,
  });
}

function stopBlock({ block: index }: State): Frame {
  return frame('content_block_stop', { type: 'content_block_stop', index });
}

function endMessage(state: State, event: Event & { type: 'reply-end' }): Frame[] {
  state.phase = 'ended';
  // A part that nobody closed is over when the reply is.
  for (const part of state.parts.all()) part.end ??= { type: 'part-end', index: part.start.index };
  const stop = {
    stop_reason: writeStop(event.stop, event.rawStop),
    stop_sequence: event.stopSequence ?? null,
  };
  const last = { type: 'message_delta', delta: stop, usage: writeUsage(state.usage, state.billing) };
  return [...advance(state), frame('message_delta', last)];
}

function frame(event: string, body: JsonObject): Frame {
  return { event, data: JSON.stringify(body) };
}
