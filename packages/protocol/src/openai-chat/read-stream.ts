import { append } from '../append.ts';
import { badStream, CUT_STREAM, EVENT_NOT_JSON } from '../bad-reply.ts';
import type { TokenLogprob } from '../call.ts';
import type { Frame, StreamReader } from '../dialect.ts';
import { DONE } from '../done-frame.ts';
import type { GatewayError } from '../error.ts';
import type { Event } from '../event.ts';
import { explodePart } from '../explode.ts';
import { isObject, type Json, type JsonObject, parseJson, textOf } from '../json.ts';
import type { Signature } from '../signature.ts';
import { sourcesOf } from './citations.ts';
import { readErrorBody } from './errors.ts';
import { readGoogleSeal } from './google-seal.ts';
import { readLogprobs } from './logprobs.ts';
import { gatherAudio, joinAudio, readImage } from './media.ts';
import { piecesOf, usageEvent } from './read-reply.ts';
import { endTool, readToolDelta } from './read-tool-delta.ts';
import { readDetail, sealsThinking } from './reasoning-details.ts';
import { readStop } from './stops.ts';
import {
  createState,
  endSpoken,
  hasCitations,
  openSpoken,
  type State,
  speak,
  speakTokens,
  takeIndex,
} from './stream-state.ts';
import { readTier } from './usage.ts';
import { thinkingOf } from './wire.ts';

/**
 * Reads chunks of a chat completion; the first choice, when there are several. The end waits for `[DONE]`, because usage
 * comes after the stop reason.
 */
export function openReader(): StreamReader {
  const state = createState();
  return {
    read(frame: Frame) {
      if (state.phase === 'over' || frame.data === '') return [];
      if (frame.data === DONE) return finish(state, state.phase === 'open');
      const chunk = parseJson(frame.data);
      if (!isObject(chunk)) return fail(state, badStream(EVENT_NOT_JSON));
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
    const logprobs = isObject(choice.logprobs) ? readLogprobs(choice.logprobs) : undefined;
    if (isObject(delta)) readDelta(state, { delta, logprobs }, events);
    const stop = textOf(choice.finish_reason);
    if (stop !== '') {
      state.rawStop = stop;
      readTold(state, chunk);
    }
  }
  if (usage !== undefined) {
    readTold(state, chunk);
    tellUsage(state, usage, events);
  }
  return events;
}

/** What stands beside the choices: in every chunk, or in the last, so that the last are enough. */
function readTold(state: State, chunk: JsonObject): void {
  if (chunk.service_tier !== undefined) state.serviceTier = readTier(chunk.service_tier);
  state.sources = sourcesOf(chunk) ?? state.sources;
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

function tellUsage(state: State, usage: JsonObject | undefined, events: Event[]): void {
  const event = usageEvent(usage, state.serviceTier);
  if (event === undefined) return;
  if (state.serviceTier !== '') state.isTierTold = true;
  events.push(event);
}

type Delta = { delta: JsonObject; logprobs: TokenLogprob[] | undefined };

function readDelta(state: State, { delta, logprobs }: Delta, events: Event[]): void {
  const { content } = delta;
  if (logprobs !== undefined || !isPlain(delta)) readRest(state, { delta, logprobs }, events);
  else if (typeof content === 'string' && content !== '')
    speak(state, { kind: 'text', text: content }, events);
}

/** True for nearly every delta: nothing but text. */
function isPlain(delta: JsonObject): boolean {
  for (const key in delta) {
    if (key === 'role') continue;
    const value = delta[key];
    if (value !== null && !(key === 'content' && typeof value === 'string')) return false;
  }
  return true;
}

/** A delta with anything beside text, or with text in pieces. */
function readRest(state: State, { delta, logprobs }: Delta, events: Event[]): void {
  const thinking = thinkingOf(delta);
  if (thinking !== '') speak(state, { kind: 'thinking', text: thinking }, events);
  const { content, reasoning_details: details } = delta;
  if (Array.isArray(details)) readDetails(state, { details, isSpoken: thinking !== '' }, events);
  if (logprobs !== undefined) {
    speakTokens(state, { delta: textOf(content), logprobs }, events);
  } else {
    for (const piece of piecesOf(content)) speak(state, piece, events);
  }
  const refusal = textOf(delta.refusal);
  if (refusal !== '') {
    state.hasRefusal = true;
    speak(state, { kind: 'refusal', text: refusal }, events);
  }
  readBeside(state, delta, events);
  if (Array.isArray(delta.tool_calls)) {
    for (const call of delta.tool_calls) if (isObject(call)) readToolDelta(state, call, events);
  }
  if (isObject(delta.function_call)) {
    readToolDelta(state, { index: 0, function: delta.function_call }, events);
  }
}

/** What few deltas have. */
function readBeside(state: State, delta: JsonObject, events: Event[]): void {
  const { annotations, images, audio, extra_content: extra } = delta;
  if (extra !== undefined) {
    const seal = readGoogleSeal(delta);
    if (seal !== undefined) {
      openSpoken(state, 'text', events);
      state.seal = seal;
    }
  }
  if (Array.isArray(annotations)) append(state.annotations, annotations);
  if (Array.isArray(images)) {
    endSpoken(state, events);
    for (const image of images) events.push(...explodePart(readImage(image), takeIndex(state)));
  }
  if (isObject(audio)) {
    state.audio ??= { id: '', transcript: undefined, data: [] };
    gatherAudio(state.audio, audio);
  }
}

/**
 * The entries of a delta's `reasoning_details`. `isSpoken`: the plain field of the same delta had their text. Entries
 * that bring a seal may repeat the whole text, as ours do.
 */
function readDetails(
  state: State,
  { details, isSpoken }: { details: readonly Json[]; isSpoken: boolean },
  events: Event[],
): void {
  const read = details.map(readDetail);
  const isSealed = read.some(({ signature }) => signature !== undefined);
  for (const detail of read) {
    const { text, signature, isEncrypted } = detail;
    const isThinking = state.spoken?.kind === 'thinking' && state.seal === undefined;
    const isRepeated = isThinking && text === state.thought && isSealed;
    if (text !== '' && !isSpoken && !isRepeated) speak(state, { kind: 'thinking', text }, events);
    if (signature === undefined) continue;
    if (signature.maker === 'google' && signature.id !== undefined && isEncrypted) {
      state.idSeals.push(signature);
    } else if (isEncrypted && !(sealsThinking(detail) && state.spoken?.kind === 'thinking')) {
      sealAlone(state, signature, events);
    } else {
      openSpoken(state, 'thinking', events);
      state.seal = signature;
    }
  }
}

function sealAlone(state: State, signature: Signature, events: Event[]): void {
  endSpoken(state, events);
  events.push(...explodePart({ kind: 'thinking', text: '', signature }, takeIndex(state)));
}

function finish(state: State, isComplete: boolean): Event[] {
  if (!isComplete) return fail(state, badStream(CUT_STREAM));
  state.phase = 'over';
  const events: Event[] = [];
  endSpoken(state, events);
  const tools = new Map(state.tools.map((tool) => [tool.id, tool]));
  for (const { id, ...seal } of state.idSeals) {
    const tool = id === undefined ? undefined : tools.get(id);
    if (tool === undefined) sealAlone(state, { ...seal, ...(id === undefined ? {} : { id }) }, events);
    else tool.seal ??= seal;
  }
  for (const tool of state.tools) endTool(tool, events);
  if (state.audio !== undefined) events.push(...explodePart(joinAudio(state.audio), takeIndex(state)));
  if (hasCitations(state)) {
    openSpoken(state, 'text', events);
    endSpoken(state, events);
  }
  if (!state.isTierTold) tellUsage(state, undefined, events);
  const { rawStop } = state;
  const has = { toolCalls: state.tools.length > 0, refusal: state.hasRefusal };
  events.push(
    rawStop === ''
      ? { type: 'reply-end', stop: 'other' }
      : { type: 'reply-end', stop: readStop(rawStop, has), rawStop },
  );
  return events;
}

function fail(state: State, error: GatewayError): Event[] {
  state.phase = 'over';
  return [{ type: 'error', error }];
}
