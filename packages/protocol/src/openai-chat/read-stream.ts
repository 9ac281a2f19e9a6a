import type { Frame, StreamReader } from '../dialect.ts';
import { GatewayError } from '../error.ts';
import type { Event } from '../event.ts';
import { isObject, type Json, type JsonObject, parseJson } from '../json.ts';
import { readErrorBody } from './errors.ts';
import { type Piece, piecesOf, textOf, usageEvent } from './read-reply.ts';
import { readStop } from './stops.ts';
import { DONE, ID, thinkingOf } from './wire.ts';

type OpenTool = { index: number; id: string; name: string; custom: JsonObject | undefined };

type State = {
  id: string;
  phase: 'waiting' | 'open' | 'over';
  /** Parts opened so far: the index of the next. */
  parts: number;
  spoken: { index: number; kind: 'text' | 'thinking' } | undefined;
  /** All stay open to the end, as deltas of several may alternate. */
  tools: OpenTool[];
  /** The latest call under each number or id that the provider gave. */
  toolsByKey: Map<string, OpenTool>;
  lastTool: OpenTool | undefined;
  rawStop: string;
  hasRefusal: boolean;
};

/**
 * Reads chunks of a chat completion; the first choice, when there are several. The wire has no part borders, so a part
 * ends where another kind begins. The end waits for `[DONE]`, because usage comes after the stop reason.
 */
export function openReader(): StreamReader {
  const state: State = {
    id: '',
    phase: 'waiting',
    parts: 0,
    spoken: undefined,
    tools: [],
    toolsByKey: new Map(),
    lastTool: undefined,
    rawStop: '',
    hasRefusal: false,
  };
  return {
    read(frame: Frame) {
      if (state.phase === 'over' || frame.data === '') return [];
      if (frame.data === DONE) return finish(state, state.phase === 'open');
      const chunk = parseJson(frame.data);
      if (!isObject(chunk)) return fail(state, bad('The provider sent a stream event that is not JSON.'));
      if (chunk.error !== undefined && chunk.error !== null) return fail(state, readErrorBody(chunk));
      return readChunk(state, chunk);
    },
    // Some providers close the stream after the stop reason without saying `[DONE]`.
    end: () => (state.phase === 'over' ? [] : finish(state, state.rawStop !== '')),
  };
}

function readChunk(state: State, chunk: JsonObject): Event[] {
  const events: Event[] = [];
  const choice = firstChoice(chunk.choices);
  const usage = usageOf(chunk);
  if (state.phase === 'waiting' && (choice !== undefined || usage !== undefined)) {
    state.phase = 'open';
    state.id = textOf(chunk.id);
    events.push({ type: 'reply-start', id: state.id, model: textOf(chunk.model) });
  }
  if (choice !== undefined) {
    const delta = choice.delta ?? choice.message;
    if (isObject(delta)) readDelta(state, delta, events);
    const stop = textOf(choice.finish_reason);
    if (stop !== '') state.rawStop = stop;
  }
  if (usage !== undefined) events.push(usageEvent(usage));
  return events;
}

function firstChoice(choices: Json | undefined): JsonObject | undefined {
  if (!Array.isArray(choices)) return undefined;
  for (const choice of choices) {
    if (isObject(choice) && (choice.index === 0 || choice.index === undefined)) return choice;
  }
  return undefined;
}

/** Groq put usage under a name of its own before it followed OpenAI. */
function usageOf(chunk: JsonObject): JsonObject | undefined {
  if (isObject(chunk.usage)) return chunk.usage;
  const { x_groq: groq } = chunk;
  return isObject(groq) && isObject(groq.usage) ? groq.usage : undefined;
}

function readDelta(state: State, delta: JsonObject, events: Event[]): void {
  const thinking = thinkingOf(delta);
  if (thinking !== '') speak(state, { kind: 'thinking', text: thinking }, events);
  const { content } = delta;
  if (typeof content === 'string') {
    if (content !== '') speak(state, { kind: 'text', text: content }, events);
  } else if (Array.isArray(content)) {
    for (const piece of piecesOf(content)) speak(state, piece, events);
  }
  const refusal = textOf(delta.refusal);
  if (refusal !== '') {
    state.hasRefusal = true;
    speak(state, { kind: 'text', text: refusal }, events);
  }
  if (Array.isArray(delta.tool_calls)) {
    for (const call of delta.tool_calls) if (isObject(call)) readToolDelta(state, call, events);
  }
  if (isObject(delta.function_call)) {
    readToolDelta(state, { index: 0, function: delta.function_call }, events);
  }
}

function speak(state: State, piece: Piece, events: Event[]): void {
  if (state.spoken?.kind !== piece.kind) {
    endSpoken(state, events);
    state.spoken = { index: state.parts, kind: piece.kind };
    state.parts += 1;
    events.push({ type: 'part-start', index: state.spoken.index, kind: piece.kind });
  }
  events.push({ type: 'part-delta', index: state.spoken.index, delta: piece.text });
}

function endSpoken(state: State, events: Event[]): void {
  if (state.spoken !== undefined) events.push({ type: 'part-end', index: state.spoken.index });
  state.spoken = undefined;
}

function readToolDelta(state: State, call: JsonObject, events: Event[]): void {
  const named = isObject(call.function) ? call.function : isObject(call.custom) ? call.custom : {};
  const tool = findTool(state, call, textOf(named.name)) ?? startTool(state, call, events);
  state.lastTool = tool;
  if (tool.custom !== undefined) {
    tool.custom.input = textOf(tool.custom.input) + textOf(named.input);
    return;
  }
  const { arguments: input } = named;
  const delta = isObject(input) ? JSON.stringify(input) : textOf(input);
  if (delta !== '') events.push({ type: 'part-delta', index: tool.index, delta });
}

/**
 * The call that a delta continues. Most providers number their calls; some leave the number or the id out, or give
 * every call the number 0. A new id with a name is always a new call.
 */
function findTool(state: State, call: JsonObject, name: string): OpenTool | undefined {
  const id = textOf(call.id);
  const found =
    typeof call.index === 'number'
      ? state.toolsByKey.get(`#${call.index}`)
      : id === ''
        ? state.lastTool
        : state.toolsByKey.get(id);
  const isAnother = id !== '' && id !== found?.id;
  const isUnnumbered = typeof call.index !== 'number' && id === '';
  return found !== undefined && name !== '' && (isAnother || isUnnumbered) ? undefined : found;
}

function startTool(state: State, call: JsonObject, events: Event[]): OpenTool {
  endSpoken(state, events);
  const index = state.parts;
  state.parts += 1;
  const id = textOf(call.id) || `call_${state.id}_${state.tools.length}`;
  const named = isObject(call.function) ? call.function : {};
  const custom = isObject(call.custom) ? { name: textOf(call.custom.name), input: '' } : undefined;
  const tool: OpenTool = { index, id, name: textOf(named.name), custom };
  state.tools.push(tool);
  state.toolsByKey.set(typeof call.index === 'number' ? `#${call.index}` : id, tool);
  // The parts of a custom call's input are gathered, and it is told whole: only this dialect knows it.
  if (custom === undefined)
    events.push({ type: 'part-start', index, kind: 'tool-call', tool: { id, name: tool.name } });
  return tool;
}

function finish(state: State, isComplete: boolean): Event[] {
  if (!isComplete) return fail(state, bad('The provider cut the stream before its end.'));
  state.phase = 'over';
  const events: Event[] = [];
  endSpoken(state, events);
  for (const tool of state.tools) endTool(tool, events);
  const { rawStop } = state;
  const has = { toolCalls: state.tools.length > 0, refusal: state.hasRefusal };
  events.push(
    rawStop === ''
      ? { type: 'reply-end', stop: 'other' }
      : { type: 'reply-end', stop: readStop(rawStop, has), rawStop },
  );
  return events;
}

function endTool({ index, id, custom }: OpenTool, events: Event[]): void {
  if (custom !== undefined) {
    const value = { id, type: 'custom', custom };
    events.push({ type: 'part-start', index, kind: 'opaque', dialect: ID, value });
  }
  events.push({ type: 'part-end', index });
}

function fail(state: State, error: GatewayError): Event[] {
  state.phase = 'over';
  return [{ type: 'error', error }];
}

function bad(message: string): GatewayError {
  return new GatewayError('provider_bad_response', message);
}
