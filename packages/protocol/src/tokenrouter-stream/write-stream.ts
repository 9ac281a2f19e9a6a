import { writeStop } from '../anthropic-messages/stops.ts';
import type { Call } from '../call.ts';
import type { Closing, Frame, ReplyFacts, StreamWriter } from '../dialect.ts';
import type { Event, PartStart } from '../event.ts';
import { type Json, type JsonObject, parseJson } from '../json.ts';
import { writeError } from '../openai-chat/errors.ts';
import type { Usage } from '../usage.ts';

/** The last frame of a stream of our own events. */
export const closing: Closing = {
  frame: { event: 'done', data: '[DONE]' },
  is: ({ event }) => event === 'done',
};

type State = {
  /** The tool calls under way, whose input is given once it is whole. */
  tools: Map<number, { id: string; name: string; input: string }>;
  /** The field of `delta` that a part's pieces go into. */
  fields: Map<number, 'text' | 'thinking'>;
  usage: Usage;
  phase: 'open' | 'ended' | 'failed';
};

/**
 * TokenRouter's own six events on `/v1/responses`: `metadata`, `message.start`, `content.delta`, `usage`, `message.end`,
 * `done`. Each payload names its event in `event`, and in `type` where the published form has no other type there.
 */
export function openOwnWriter(_call: Call, facts: ReplyFacts = {}): StreamWriter {
  const state: State = { tools: new Map(), fields: new Map(), usage: {}, phase: 'open' };
  return {
    write(event) {
      if (state.phase === 'failed') return [];
      switch (event.type) {
        case 'reply-start':
          return begin(event, facts);
        case 'part-start':
          return startPart(state, event);
        case 'part-delta':
          return delta(state, event);
        case 'part-end':
          return endPart(state, event.index);
        case 'usage':
          state.usage = { ...state.usage, ...event.usage };
          return [];
        case 'reply-end':
          return finish(state, event);
        case 'error':
          state.phase = 'failed';
          return [frame('error', { ...writeError(event.error, facts.requestId ?? '').body })];
      }
    },
    end: () => (state.phase === 'ended' ? [closing.frame] : []),
  };
}

function frame(event: string, payload: JsonObject): Frame {
  return { event, data: JSON.stringify({ type: event, event, ...payload }) };
}

function begin({ id, model }: Event & { type: 'reply-start' }, facts: ReplyFacts): Frame[] {
  const { routed, requestId } = facts;
  const about: JsonObject = {
    id: facts.id ?? id,
    provider: routed?.provider ?? null,
    model: routed?.model ?? model,
    routing_mode: routed?.mode ?? null,
  };
  if (requestId !== undefined) about.request_id = requestId;
  return [frame('metadata', about), frame('message.start', { type: 'message', role: 'assistant' })];
}

function startPart(state: State, event: PartStart): Frame[] {
  const { index } = event;
  switch (event.kind) {
    case 'tool-call':
      state.tools.set(index, { ...event.tool, input: '' });
      return [];
    case 'media':
      return [frame('content.delta', { delta: { media: { ...event.media } } })];
    case 'opaque':
      return [];
    default:
      state.fields.set(index, event.kind === 'thinking' ? 'thinking' : 'text');
      return [];
  }
}

function delta(state: State, { index, delta: text }: Event & { type: 'part-delta' }): Frame[] {
  const tool = state.tools.get(index);
  if (tool !== undefined) {
    tool.input += text;
    return [];
  }
  const field = state.fields.get(index);
  return field === undefined ? [] : [frame('content.delta', { delta: { [field]: text } })];
}

/** A tool call is one delta, in the published form of a reply's tool call. */
function endPart(state: State, index: number): Frame[] {
  const tool = state.tools.get(index);
  if (tool === undefined) return [];
  state.tools.delete(index);
  const { id, name, input } = tool;
  return [
    frame('content.delta', { delta: { tool_use: { type: 'tool_use', id, name, input: parsed(input) } } }),
  ];
}

function parsed(input: string): Json {
  return parseJson(input === '' ? '{}' : input) ?? input;
}

function finish(state: State, { stop }: Event & { type: 'reply-end' }): Frame[] {
  state.phase = 'ended';
  const end = frame('message.end', { type: 'message_end', stop_reason: writeStop(stop, undefined) });
  const usage = totals(state.usage);
  return usage === undefined ? [end] : [frame('usage', usage), end];
}

/** Totals of both sides; undefined when the provider told nothing. */
function totals(usage: Usage): JsonObject | undefined {
  if (Object.keys(usage).length === 0) return undefined;
  let [input, output] = [0, 0];
  for (const [name, tokens = 0] of Object.entries(usage)) {
    if (name.startsWith('input')) input += tokens;
    else output += tokens;
  }
  return { input_tokens: input, output_tokens: output, total_tokens: input + output };
}
