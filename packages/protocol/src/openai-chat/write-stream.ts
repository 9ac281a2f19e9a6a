import { append } from '../append.ts';
import type { Call, Citation, ThinkingPart } from '../call.ts';
import type { Frame, ReplyFacts, StreamWriter } from '../dialect.ts';
import { DONE } from '../done-frame.ts';
import type { Event, PartStart } from '../event.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Usage } from '../usage.ts';
import { isSource, writeAnnotations, writeSources } from './citations.ts';
import { writeError } from './errors.ts';
import { writeGoogleSeal } from './google-seal.ts';
import { writeLogprobs } from './logprobs.ts';
import { isAudio, writeAudio } from './media.ts';
import { writeDetail } from './reasoning-details.ts';
import { writeStop } from './stops.ts';
import { writeTier, writeUsage } from './usage.ts';
import { ID } from './wire.ts';
import { imagesOf, writeImages } from './write-reply.ts';

type Text = { kind: 'text'; field: string; before: number; length: number };
type Thought = { kind: 'thinking'; field: string; part: ThinkingPart; place: number };
type OpenPart = Text | Thought | { kind: 'refusal'; field: string } | { kind: 'tool'; tool: number };

type State = {
  /** The chunk's JSON up to its delta, and after it. */
  head: string;
  tail: string;
  createdS: number;
  parts: Map<number, OpenPart>;
  toolCount: number;
  thoughtCount: number;
  /** Units of text so far. */
  textLength: number;
  sources: Citation[];
  usage: Usage;
  serviceTier: string | undefined;
  phase: 'open' | 'ended' | 'failed';
};

/** Writes chunks of a chat completion, the usage chunk when the caller asked for it, and `[DONE]`. */
export function openWriter(call: Call, facts: ReplyFacts = {}): StreamWriter {
  const state: State = {
    head: '',
    tail: '},"logprobs":null,"finish_reason":null}]}',
    createdS: facts.createdS ?? 0,
    parts: new Map(),
    toolCount: 0,
    thoughtCount: 0,
    textLength: 0,
    sources: [],
    usage: {},
    serviceTier: undefined,
    phase: 'open',
  };
  const meta = { object: 'chat.completion.chunk', created: state.createdS };
  let start: JsonObject = { id: '', ...meta, model: '' };
  return {
    write(event) {
      if (state.phase === 'failed') return [];
      switch (event.type) {
        case 'reply-start':
          start = { id: event.id, ...meta, model: event.model };
          state.head = `${JSON.stringify(start).slice(0, -1)},"choices":[{"index":0,"delta":{`;
          return [chunk(state, '"role":"assistant","content":""')];
        case 'usage':
          state.usage = { ...state.usage, ...event.usage };
          state.serviceTier = event.serviceTier ?? state.serviceTier;
          return [];
        case 'reply-end':
          return [endChunk(state, event)];
        case 'error':
          state.phase = 'failed';
          return [{ data: JSON.stringify(writeError(event.error, facts.requestId ?? '').body) }];
        case 'part-delta':
          return growPart(state, event);
        case 'part-start':
          return startPart(state, event);
        case 'part-end':
          return endPart(state, event);
      }
    },
    end() {
      if (state.phase !== 'ended') return [];
      const usage = call.streamUsage ? writeUsage(state.usage) : undefined;
      const last: Frame = { data: DONE };
      if (usage === undefined) return [last];
      return [
        { data: JSON.stringify({ ...start, choices: [], usage, ...writeTier(state.serviceTier) }) },
        last,
      ];
    },
  };
}

function chunk(state: State, delta: string): Frame {
  return { data: state.head + delta + state.tail };
}

/** A chunk whose delta has one field. */
function fieldChunk(state: State, name: string, value: Json): Frame {
  return chunk(state, `"${name}":${JSON.stringify(value)}`);
}

function growPart(state: State, event: Event & { type: 'part-delta' }): Frame[] {
  const part = state.parts.get(event.index);
  if (part === undefined) return [];
  const text = JSON.stringify(event.delta);
  if (part.kind === 'tool')
    return [chunk(state, `"tool_calls":[{"index":${part.tool},"function":{"arguments":${text}}}]`)];
  const delta = `"${part.field}":${text}`;
  if (part.kind === 'thinking') part.part.text += event.delta;
  if (part.kind !== 'text') return [chunk(state, delta)];
  part.length += event.delta.length;
  state.textLength += event.delta.length;
  if (event.logprobs === undefined) return [chunk(state, delta)];
  const logprobs = JSON.stringify(writeLogprobs(event.logprobs));
  return [{ data: `${state.head}${delta}},"logprobs":${logprobs},"finish_reason":null}]}` }];
}

function startPart(state: State, event: PartStart): Frame[] {
  const { parts } = state;
  switch (event.kind) {
    case 'text':
      parts.set(event.index, { kind: 'text', field: 'content', before: state.textLength, length: 0 });
      return [];
    case 'thinking': {
      const part: ThinkingPart = { kind: 'thinking', text: '' };
      parts.set(event.index, {
        kind: 'thinking',
        field: 'reasoning_content',
        part,
        place: state.thoughtCount,
      });
      state.thoughtCount += 1;
      return [];
    }
    case 'refusal':
      parts.set(event.index, { kind: 'refusal', field: 'refusal' });
      return [];
    case 'tool-call': {
      const { id, name } = event.tool;
      const tool = addTool(state);
      parts.set(event.index, { kind: 'tool', tool });
      return toolChunk(state, { index: tool, id, type: 'function', function: { name, arguments: '' } });
    }
    case 'opaque':
      if (event.dialect !== ID) return [];
      if (imagesOf(event.value) !== undefined) return imageChunks(state, event);
      return toolChunk(state, { index: addTool(state), ...(isObject(event.value) ? event.value : {}) });
    case 'media':
      return isAudio(event.media)
        ? [fieldChunk(state, 'audio', writeAudio(event.media, state.createdS))]
        : imageChunks(state, event);
  }
}

function imageChunks(state: State, start: PartStart & { kind: 'media' | 'opaque' }): Frame[] {
  const images = writeImages(start.kind === 'media' ? start.media : start);
  return images.length === 0 ? [] : [fieldChunk(state, 'images', images)];
}

function addTool(state: State): number {
  state.toolCount += 1;
  return state.toolCount - 1;
}

function toolChunk(state: State, call: JsonObject): Frame[] {
  return [fieldChunk(state, 'tool_calls', [call])];
}

/** A seal is known when its part is over. The one of a thinking goes with the whole text, as clients send it back so. */
function endPart(state: State, { index, signature, citations }: Event & { type: 'part-end' }): Frame[] {
  const part = state.parts.get(index);
  state.parts.delete(index);
  const frames: Frame[] = [];
  if (part?.kind === 'text' && citations !== undefined) {
    append(state.sources, citations.filter(isSource));
    const annotations = writeAnnotations(citations, part.length, part.before);
    if (annotations.length > 0) frames.push(fieldChunk(state, 'annotations', annotations));
  }
  if (part === undefined || signature === undefined) return frames;
  if (part.kind === 'thinking') {
    const details = writeDetail({ ...part.part, signature }, part.place);
    frames.push(fieldChunk(state, 'reasoning_details', details));
  } else if (part.kind === 'text') {
    frames.push(fieldChunk(state, 'extra_content', writeGoogleSeal(signature)));
  } else if (part.kind === 'tool') {
    // Official clients ask every piece of a call for its function.
    const bare = { index: part.tool, function: { arguments: '' } };
    frames.push(...toolChunk(state, { ...bare, extra_content: writeGoogleSeal(signature) }));
  }
  return frames;
}

function endChunk(state: State, event: Event & { type: 'reply-end' }): Frame {
  state.phase = 'ended';
  const reason = JSON.stringify(writeStop(event.stop, event.rawStop));
  const beside = JSON.stringify({ ...writeSources(state.sources), ...writeTier(state.serviceTier) });
  const tail = beside === '{}' ? '}' : `,${beside.slice(1)}`;
  return { data: `${state.head}},"logprobs":null,"finish_reason":${reason}}]${tail}` };
}
