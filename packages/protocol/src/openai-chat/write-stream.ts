import type { Call } from '../call.ts';
import type { Frame, ReplyFacts, StreamWriter } from '../dialect.ts';
import type { Event, PartStart } from '../event.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Usage } from '../usage.ts';
import { writeError } from './errors.ts';
import { writeStop } from './stops.ts';
import { writeUsage } from './usage.ts';
import { DONE, ID } from './wire.ts';

type State = {
  /** The chunk's JSON up to its delta, and after it. */
  head: string;
  tail: string;
  /** The field of a spoken part's delta, or the number of a tool call. */
  parts: Map<number, { field: string } | { tool: number }>;
  toolCount: number;
  usage: Usage;
  phase: 'open' | 'ended' | 'failed';
};

/** Writes chunks of a chat completion, the usage chunk when the caller asked for it, and `[DONE]`. */
export function openWriter(call: Call, facts: ReplyFacts = {}): StreamWriter {
  const state: State = {
    head: '',
    tail: '},"logprobs":null,"finish_reason":null}]}',
    parts: new Map(),
    toolCount: 0,
    usage: {},
    phase: 'open',
  };
  const meta = { object: 'chat.completion.chunk', created: facts.createdS ?? 0 };
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
          return [];
        case 'reply-end':
          return [endChunk(state, event)];
        case 'error':
          state.phase = 'failed';
          return [{ data: JSON.stringify(writeError(event.error, facts.requestId ?? '').body) }];
        default:
          return writePart(state, event);
      }
    },
    end() {
      if (state.phase !== 'ended') return [];
      const usage = call.streamUsage ? writeUsage(state.usage) : undefined;
      const last: Frame = { data: DONE };
      return usage === undefined
        ? [last]
        : [{ data: JSON.stringify({ ...start, choices: [], usage }) }, last];
    },
  };
}

function chunk(state: State, delta: string): Frame {
  return { data: state.head + delta + state.tail };
}

function writePart(state: State, event: Event): Frame[] {
  if (event.type === 'part-start') return startPart(state, event);
  if (event.type !== 'part-delta') return [];
  const part = state.parts.get(event.index);
  if (part === undefined) return [];
  const text = JSON.stringify(event.delta);
  if ('field' in part) return [chunk(state, `"${part.field}":${text}`)];
  return [chunk(state, `"tool_calls":[{"index":${part.tool},"function":{"arguments":${text}}}]`)];
}

const FIELDS = { text: 'content', thinking: 'reasoning_content', refusal: 'refusal' };

function startPart(state: State, event: PartStart): Frame[] {
  switch (event.kind) {
    case 'tool-call': {
      const { id, name } = event.tool;
      const tool = addTool(state);
      state.parts.set(event.index, { tool });
      return toolChunk(state, { index: tool, id, type: 'function', function: { name, arguments: '' } });
    }
    case 'opaque':
      if (event.dialect !== ID) return [];
      return toolChunk(state, { index: addTool(state), ...(isObject(event.value) ? event.value : {}) });
    case 'media':
      return [];
    default:
      state.parts.set(event.index, { field: FIELDS[event.kind] });
      return [];
  }
}

function addTool(state: State): number {
  state.toolCount += 1;
  return state.toolCount - 1;
}

function toolChunk(state: State, call: JsonObject): Frame[] {
  return [chunk(state, `"tool_calls":${JSON.stringify([call])}`)];
}

function endChunk(state: State, event: Event & { type: 'reply-end' }): Frame {
  state.phase = 'ended';
  const reason = JSON.stringify(writeStop(event.stop, event.rawStop));
  return { data: `${state.head}},"logprobs":null,"finish_reason":${reason}}]}` };
}
