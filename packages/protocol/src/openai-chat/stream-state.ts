import type { TokenLogprob } from '../call.ts';
import type { Event } from '../event.ts';
import type { Json, JsonObject } from '../json.ts';
import { CITATIONS_MAX } from '../reply-bounds.ts';
import type { Signature } from '../signature.ts';
import { readAnnotation, readSource } from './citations.ts';
import type { AudioPieces } from './media.ts';

export type SpokenKind = 'text' | 'thinking' | 'refusal';
export type Spoken = { kind: SpokenKind; text: string };

export type OpenTool = {
  index: number;
  id: string;
  name: string;
  custom: JsonObject | undefined;
  seal: Signature | undefined;
};

/** What a reader of one stream remembers. */
export type State = {
  id: string;
  phase: 'waiting' | 'open' | 'over';
  /** Parts opened so far: the index of the next. */
  parts: number;
  spoken: { index: number; kind: SpokenKind } | undefined;
  /** The seal of the open part, and what was thought in it so far. */
  seal: Signature | undefined;
  thought: string;
  /** Units of text so far, and those before the open part. */
  textLength: number;
  textBefore: number;
  /** What the open text, or the next one, cites; the sources are those of the whole reply, told once. */
  annotations: Json[];
  sources: Json[] | undefined;
  areSourcesTold: boolean;
  audio: AudioPieces | undefined;
  /** All stay open to the end, as deltas of several may alternate. */
  tools: OpenTool[];
  /** The latest call under each number or id that the provider gave. */
  toolsByKey: Map<string, OpenTool>;
  lastTool: OpenTool | undefined;
  /** Seals with an id that may be a tool call's, which comes later. */
  idSeals: Signature[];
  rawStop: string;
  hasRefusal: boolean;
  serviceTier: string;
  isTierTold: boolean;
};

export function createState(): State {
  return {
    id: '',
    phase: 'waiting',
    parts: 0,
    spoken: undefined,
    seal: undefined,
    thought: '',
    textLength: 0,
    textBefore: 0,
    annotations: [],
    sources: undefined,
    areSourcesTold: false,
    audio: undefined,
    tools: [],
    toolsByKey: new Map(),
    lastTool: undefined,
    idSeals: [],
    rawStop: '',
    hasRefusal: false,
    serviceTier: '',
    isTierTold: false,
  };
}

export function takeIndex(state: State): number {
  state.parts += 1;
  return state.parts - 1;
}

/** The wire has no part borders, so a part ends where another kind begins, and thinking also where its seal came. */
export function openSpoken(state: State, kind: SpokenKind, events: Event[]): number {
  const { spoken } = state;
  if (spoken?.kind === kind && !(kind === 'thinking' && state.seal !== undefined)) return spoken.index;
  endSpoken(state, events);
  const index = takeIndex(state);
  state.spoken = { index, kind };
  state.thought = '';
  state.textBefore = state.textLength;
  events.push({ type: 'part-start', index, kind });
  return index;
}

export function speak(state: State, piece: Spoken, events: Event[]): void {
  const { kind, text: delta } = piece;
  const index = openSpoken(state, kind, events);
  if (kind === 'text') state.textLength += delta.length;
  else if (kind === 'thinking') state.thought += delta;
  events.push({ type: 'part-delta', index, delta });
}

/** Text whose tokens are told. A token that is part of a character has no text yet. */
export function speakTokens(
  state: State,
  { delta, logprobs }: { delta: string; logprobs: TokenLogprob[] },
  events: Event[],
): void {
  const index = openSpoken(state, 'text', events);
  state.textLength += delta.length;
  events.push({ type: 'part-delta', index, delta, logprobs });
}

export function endSpoken(state: State, events: Event[]): void {
  if (state.spoken === undefined) return;
  const { index, kind } = state.spoken;
  const end: Event = { type: 'part-end', index };
  if (state.seal !== undefined) end.signature = state.seal;
  if (kind === 'text' && hasCitations(state)) end.citations = takeCitations(state);
  state.seal = undefined;
  state.spoken = undefined;
  events.push(end);
}

/** True while something is cited that no part was given. */
export function hasCitations(state: State): boolean {
  return state.annotations.length > 0 || (state.sources !== undefined && !state.areSourcesTold);
}

function takeCitations(state: State): NonNullable<(Event & { type: 'part-end' })['citations']> {
  const { sources = [], areSourcesTold } = state;
  const annotations = state.annotations.slice(0, CITATIONS_MAX);
  state.annotations = [];
  state.areSourcesTold = true;
  if (annotations.length > 0) return annotations.map((value) => readAnnotation(value, state.textBefore));
  return areSourcesTold ? [] : sources.slice(0, CITATIONS_MAX).map(readSource);
}
