import type { AssistantPart, Call, TokenLogprob } from '../call.ts';
import type { Frame, ReplyFacts, StreamWriter } from '../dialect.ts';
import type { Event, PartStart } from '../event.ts';
import type { JsonObject } from '../json.ts';
import type { Usage } from '../usage.ts';
import { type Cited, writeCitations } from './citations.ts';
import { writeError } from './errors.ts';
import { writeLogprobs } from './logprobs.ts';
import { writeSeal } from './seals.ts';
import { blockOfRaw, isOwnStop, writeStop } from './stops.ts';
import { writeUsage } from './usage.ts';
import { withMessage, writePart } from './write-part.ts';

/** A spoken part goes out as it grows; a call waits for the end of its arguments, which the wire wants whole. */
type Part =
  | { kind: 'text' | 'thinking'; text: string }
  | { kind: 'refusal' }
  | { kind: 'tool-call'; id: string; name: string; input: string };

type State = {
  /** The response's JSON after its candidates. */
  meta: string;
  parts: Map<number, Part>;
  /** Parts written so far. */
  written: number;
  usage: Usage;
  serviceTier: string | undefined;
  cited: Cited[];
  /** The words of a refusal, which belong elsewhere when the reply is nothing but Gemini's own. */
  refusal: string;
  end: (Event & { type: 'reply-end' }) | undefined;
  hasFailed: boolean;
};

/** Writes responses of one part each. The last one tells the stop reason, the sources and the usage. */
export function openWriter(_call: Call, facts: ReplyFacts = {}): StreamWriter {
  const state: State = {
    meta: '}',
    parts: new Map(),
    written: 0,
    usage: {},
    serviceTier: undefined,
    cited: [],
    refusal: '',
    end: undefined,
    hasFailed: false,
  };
  return {
    write(event) {
      if (state.hasFailed) return [];
      switch (event.type) {
        case 'reply-start': {
          const meta = { modelVersion: event.model, responseId: facts.id ?? event.id };
          state.meta = `,${JSON.stringify(meta).slice(1)}`;
          return [];
        }
        case 'usage':
          state.usage = { ...state.usage, ...event.usage };
          state.serviceTier = event.serviceTier ?? state.serviceTier;
          return [];
        case 'reply-end':
          state.end = event;
          return [];
        case 'error':
          state.hasFailed = true;
          return [{ data: JSON.stringify(writeError(event.error, facts.requestId ?? '').body) }];
        default:
          return writeEvent(state, event);
      }
    },
    end: () => (state.end === undefined || state.hasFailed ? [] : lastFrames(state, state.end)),
  };
}

function writeEvent(state: State, event: Event): Frame[] {
  switch (event.type) {
    case 'part-start':
      return [...spokenRefusal(state), ...startPart(state, event)];
    case 'part-delta': {
      const part = state.parts.get(event.index);
      if (part === undefined) return [];
      if (part.kind === 'tool-call') part.input += event.delta;
      else if (part.kind === 'refusal') state.refusal += event.delta;
      else return [grow(state, part, event)];
      return [];
    }
    case 'part-end':
      return endPart(state, event);
    default:
      return [];
  }
}

function startPart(state: State, start: PartStart): Frame[] {
  switch (start.kind) {
    case 'tool-call':
      state.parts.set(start.index, { kind: 'tool-call', ...start.tool, input: '' });
      return [];
    case 'media':
      return frames(state, start.media);
    case 'opaque':
      return frames(state, start);
    case 'refusal':
      state.parts.set(start.index, { kind: 'refusal' });
      return [];
    default:
      state.parts.set(start.index, { kind: start.kind, text: '' });
      return [];
  }
}

/** Written by hand, as this is nearly every frame of a stream. */
function grow(state: State, part: Part & { text: string }, event: Event & { type: 'part-delta' }): Frame {
  state.written += 1;
  part.text += event.delta;
  const thought = part.kind === 'thinking' ? ',"thought":true' : '';
  return frame(state, `{"text":${JSON.stringify(event.delta)}${thought}}`, event.logprobs);
}

function frame(state: State, part: string, logprobs?: TokenLogprob[]): Frame {
  const told = logprobs === undefined ? '' : `,"logprobsResult":${JSON.stringify(writeLogprobs(logprobs))}`;
  const candidate = `{"content":{"parts":[${part}],"role":"model"},"index":0${told}}`;
  return { data: `{"candidates":[${candidate}]${state.meta}` };
}

function frames(state: State, part: AssistantPart | PartStart): Frame[] {
  if (!isWhole(part)) return [];
  return writePart(part).map((wire) => {
    state.written += 1;
    return frame(state, JSON.stringify(wire));
  });
}

/** The start of an opaque part holds all that the part is. */
function isWhole(part: AssistantPart | PartStart): part is AssistantPart {
  return !('type' in part) || part.kind === 'opaque';
}

function endPart(state: State, { index, signature, citations }: Event & { type: 'part-end' }): Frame[] {
  const part = state.parts.get(index);
  if (part === undefined) return [];
  state.parts.delete(index);
  if (part.kind === 'tool-call')
    return frames(state, signature === undefined ? part : { ...part, signature });
  if (part.kind === 'refusal') return [];
  if (part.kind === 'text' && citations !== undefined)
    state.cited.push({ citations, text: part.text, partIndex: 0 });
  if (signature === undefined) return [];
  const seal: JsonObject = { text: '', thoughtSignature: writeSeal(signature) };
  if (part.kind === 'thinking') seal.thought = true;
  state.written += 1;
  return [frame(state, JSON.stringify(seal))];
}

/** A refusal in words is a text here, unless it turns out to be what Gemini says of its own stop. */
function spokenRefusal(state: State): Frame[] {
  const { refusal: text } = state;
  state.refusal = '';
  return text === '' ? [] : frames(state, { kind: 'text', text });
}

function lastFrames(state: State, { stop, rawStop }: Event & { type: 'reply-end' }): Frame[] {
  const block = blockOfRaw(rawStop);
  const isOwn = state.written === 0 && (block !== undefined || isOwnStop(rawStop));
  const before = isOwn ? [] : spokenRefusal(state);
  const body: JsonObject =
    block !== undefined && isOwn
      ? { promptFeedback: withMessage({ blockReason: block }, 'blockReasonMessage', state.refusal) }
      : { candidates: [lastCandidate(state, writeStop(stop, rawStop))] };
  const usage = writeUsage(state.usage, state.serviceTier);
  if (usage !== undefined) body.usageMetadata = usage;
  return [...before, { data: `${JSON.stringify(body).slice(0, -1)}${state.meta}` }];
}

/** As Google's own last response, it has an empty text, so that clients find no content without parts. */
function lastCandidate(state: State, finishReason: string): JsonObject {
  const candidate: JsonObject = {
    content: { parts: [{ text: '' }], role: 'model' },
    finishReason,
    index: 0,
    ...writeCitations(state.cited),
  };
  return withMessage(candidate, 'finishMessage', state.refusal);
}
