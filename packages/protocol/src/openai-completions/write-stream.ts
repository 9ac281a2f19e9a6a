import type { Call } from '../call.ts';
import type { Frame, ReplyFacts, StreamWriter } from '../dialect.ts';
import { DONE } from '../done-frame.ts';
import type { Event } from '../event.ts';
import type { Usage } from '../usage.ts';
import { writeError } from './errors.ts';
import { writeLogprobs } from './logprobs.ts';
import { writeStop } from './stops.ts';
import { writeUsage } from './usage.ts';

type State = {
  /** The chunk's JSON up to its choices, and then up to its text. */
  start: string;
  head: string;
  /** Texts and refusals: the wire has nothing else. */
  spoken: Set<number>;
  /** Characters written so far. */
  length: number;
  usage: Usage;
  phase: 'open' | 'ended' | 'failed';
};

const TAIL = ',"index":0,"logprobs":null,"finish_reason":null}]}';

/** Writes chunks of a completion, the usage chunk when the caller asked for it, and `[DONE]`. */
export function openWriter(call: Call, facts: ReplyFacts = {}): StreamWriter {
  const state: State = { start: '', head: '', spoken: new Set(), length: 0, usage: {}, phase: 'open' };
  return {
    write(event) {
      if (state.phase === 'failed') return [];
      switch (event.type) {
        case 'reply-start':
          begin(state, facts.id ?? event.id, { created: facts.createdS ?? 0, model: event.model });
          return [];
        case 'part-start':
          if (event.kind === 'text' || event.kind === 'refusal') state.spoken.add(event.index);
          return [];
        case 'part-delta':
          return state.spoken.has(event.index) ? [deltaChunk(state, event)] : [];
        case 'usage':
          state.usage = { ...state.usage, ...event.usage };
          return [];
        case 'reply-end':
          return [endChunk(state, event)];
        case 'error':
          state.phase = 'failed';
          return [{ data: JSON.stringify(writeError(event.error, facts.requestId ?? '').body) }];
        default:
          return [];
      }
    },
    end() {
      if (state.phase !== 'ended') return [];
      const usage = call.streamUsage ? writeUsage(state.usage) : undefined;
      const last: Frame = { data: DONE };
      return usage === undefined
        ? [last]
        : [{ data: `${state.start}"choices":[],"usage":${JSON.stringify(usage)}}` }, last];
    },
  };
}

function begin(state: State, id: string, rest: { created: number; model: string }): void {
  const start = JSON.stringify({ id, object: 'text_completion', ...rest });
  state.start = `${start.slice(0, -1)},`;
  state.head = `${state.start}"choices":[{"text":`;
}

/** Written by hand, as this is nearly every frame of a stream. */
function deltaChunk(state: State, { delta, logprobs }: Event & { type: 'part-delta' }): Frame {
  const offset = state.length;
  state.length += delta.length;
  if (logprobs === undefined) return { data: state.head + JSON.stringify(delta) + TAIL };
  const lists = JSON.stringify(writeLogprobs(logprobs, offset));
  return {
    data: `${state.head}${JSON.stringify(delta)},"index":0,"logprobs":${lists},"finish_reason":null}]}`,
  };
}

function endChunk(state: State, event: Event & { type: 'reply-end' }): Frame {
  state.phase = 'ended';
  const reason = JSON.stringify(writeStop(event.stop, event.rawStop));
  return { data: `${state.head}"","index":0,"logprobs":null,"finish_reason":${reason}}]}` };
}
