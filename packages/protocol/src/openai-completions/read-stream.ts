import { badStream, CUT_STREAM, EVENT_NOT_JSON } from '../bad-reply.ts';
import type { Frame, StreamReader } from '../dialect.ts';
import { DONE } from '../done-frame.ts';
import type { GatewayError } from '../error.ts';
import type { Event } from '../event.ts';
import { isObject, type Json, type JsonObject, parseJson, textOf } from '../json.ts';
import { readErrorBody } from './errors.ts';
import { readLogprobs } from './logprobs.ts';
import { endEvent } from './read-reply.ts';
import { usageEvent } from './usage.ts';

type State = { phase: 'waiting' | 'open' | 'over'; hasText: boolean; rawStop: string };

/** Reads chunks of a completion; the first choice, when there are several. The end waits for `[DONE]`, after the usage. */
export function openReader(): StreamReader {
  const state: State = { phase: 'waiting', hasText: false, rawStop: '' };
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
  const usage = isObject(chunk.usage) ? chunk.usage : undefined;
  if (state.phase === 'waiting' && (choice !== undefined || usage !== undefined)) {
    state.phase = 'open';
    events.push({ type: 'reply-start', id: textOf(chunk.id), model: textOf(chunk.model) });
  }
  if (choice !== undefined) {
    readChoice(state, choice, events);
    state.rawStop = textOf(choice.finish_reason) || state.rawStop;
  }
  if (usage !== undefined) events.push(usageEvent(usage));
  return events;
}

function firstChoice(choices: Json | undefined): JsonObject | undefined {
  if (!Array.isArray(choices)) return undefined;
  return choices.filter(isObject).find(({ index }) => index === 0 || index === undefined);
}

function readChoice(state: State, choice: JsonObject, events: Event[]): void {
  const delta = textOf(choice.text);
  const logprobs = readLogprobs(choice.logprobs);
  if (delta === '' && logprobs === undefined) return;
  if (!state.hasText) events.push({ type: 'part-start', index: 0, kind: 'text' });
  state.hasText = true;
  const event: Event = { type: 'part-delta', index: 0, delta };
  if (logprobs !== undefined) event.logprobs = logprobs;
  events.push(event);
}

function finish(state: State, isComplete: boolean): Event[] {
  if (!isComplete) return fail(state, badStream(CUT_STREAM));
  state.phase = 'over';
  const end = endEvent(state.rawStop);
  return state.hasText ? [{ type: 'part-end', index: 0 }, end] : [end];
}

function fail(state: State, error: GatewayError): Event[] {
  state.phase = 'over';
  return [{ type: 'error', error }];
}
