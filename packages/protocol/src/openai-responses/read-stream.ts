import { badStream, CUT_STREAM, EVENT_NOT_JSON } from '../bad-reply.ts';
import type { Frame, StreamReader } from '../dialect.ts';
import { DONE } from '../done-frame.ts';
import type { GatewayError } from '../error.ts';
import type { Event } from '../event.ts';
import { explodePart } from '../explode.ts';
import { isObject, type JsonObject, parseJson, textOf } from '../json.ts';
import { readFailure } from './errors.ts';
import { readLogprobs } from './logprobs.ts';
import { endEvent, readOutput } from './read-reply.ts';
import { endContent, endItem, endItems } from './stream-ends.ts';
import {
  annotate,
  findItem,
  type Items,
  openContent,
  openItems,
  startItem,
  tellItem,
} from './stream-items.ts';
import { usageEvents } from './usage.ts';

type State = { phase: 'waiting' | 'open' | 'over'; id: string; items: Items };

/**
 * Reads the events of a response. Events of tomorrow are passed over. Only `response.completed` and its like end a
 * reply; servers that send nothing else are read from its whole output.
 */
export function openReader(): StreamReader {
  const state: State = { phase: 'waiting', id: '', items: openItems() };
  return {
    read(frame: Frame) {
      if (state.phase === 'over' || frame.data === '') return [];
      if (frame.data === DONE) return fail(state, badStream(CUT_STREAM));
      const event = parseJson(frame.data);
      if (!isObject(event)) return fail(state, badStream(EVENT_NOT_JSON));
      readEvent(state, event);
      return state.items.take();
    },
    end: () => (state.phase === 'over' ? [] : fail(state, badStream(CUT_STREAM))),
  };
}

function readEvent(state: State, event: JsonObject): void {
  const { items } = state;
  switch (event.type) {
    case 'response.output_text.delta':
    case 'response.refusal.delta':
      grow(state, event, 'message');
      break;
    case 'response.reasoning_summary_text.delta':
    case 'response.reasoning_text.delta':
      grow(state, event, 'reasoning');
      break;
    case 'response.function_call_arguments.delta':
      grow(state, event, 'function_call');
      break;
    case 'response.content_part.added':
      begin(state, {});
      openContent(items, findItem(items, event, 'message'), event);
      break;
    case 'response.content_part.done':
      endContent(items, findItem(items, event, 'message'), event);
      break;
    case 'response.output_text.annotation.added':
      begin(state, {});
      annotate(findItem(items, event, 'message'), event);
      break;
    case 'response.output_item.added':
      begin(state, {});
      startItem(items, event);
      break;
    case 'response.output_item.done':
      begin(state, {});
      endItem(items, event);
      break;
    case 'response.created':
    case 'response.in_progress':
    case 'response.queued':
      begin(state, isObject(event.response) ? event.response : {});
      break;
    default:
      readEnding(state, event);
      break;
  }
}

function readEnding(state: State, event: JsonObject): void {
  const response = isObject(event.response) ? event.response : {};
  switch (event.type) {
    case 'response.completed':
    case 'response.incomplete':
    case 'response.cancelled':
      finish(state, response);
      break;
    case 'response.failed':
      raise(state, readFailure(isObject(response.error) ? response : { error: {} }));
      break;
    case 'error':
      raise(state, readFailure(event));
      break;
    default:
      // Some servers say what went wrong without naming the event.
      if (event.type === undefined && event.error !== undefined) raise(state, readFailure(event));
  }
}

/** The first event tells the id; some servers give another id in every event. */
function begin(state: State, response: JsonObject): void {
  if (state.phase !== 'waiting') return;
  state.phase = 'open';
  state.id = textOf(response.id);
  state.items.push({ type: 'reply-start', id: state.id, model: textOf(response.model) });
}

type ItemType = 'message' | 'reasoning' | 'function_call';

function grow(state: State, event: JsonObject, type: ItemType): void {
  begin(state, {});
  const delta = textOf(event.delta);
  const logprobs = readLogprobs(event.logprobs);
  if (delta === '' && logprobs === undefined) return;
  const told = logprobs === undefined ? { event, delta } : { event, delta, logprobs };
  tellItem(state.items, findItem(state.items, event, type), told);
}

function finish(state: State, response: JsonObject): void {
  begin(state, response);
  const { items } = state;
  const output = Array.isArray(response.output) ? response.output : [];
  if (items.all.length === 0) {
    for (const [index, part] of readOutput(output, state.id).entries()) {
      for (const event of explodePart(part, index)) items.push(event);
    }
  }
  endItems(items, output);
  for (const event of usageEvents(response)) items.push(event);
  items.push(endEvent(response, items.has));
  state.phase = 'over';
}

function raise(state: State, error: GatewayError): void {
  state.items.push({ type: 'error', error });
  state.phase = 'over';
}

function fail(state: State, error: GatewayError): Event[] {
  state.phase = 'over';
  return [...state.items.take(), { type: 'error', error }];
}
