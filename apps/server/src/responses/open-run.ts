import type { Caller, Schedule } from '@app/gateway';
import { isObject, type JsonObject, openSseReader, parseJson, type SseReader } from '@app/protocol';
import type { ResponseStatus } from '@app/store';
import { explodeOutput, finalEvent } from './explode-response.ts';
import { type EventLog, openEventLog } from './open-event-log.ts';
import { isFinal } from './watch-reply.ts';

/** What a call was answered with before it was under way. */
export type Refusal = { status: number; headers: { [name: string]: string }; body: string };

/** A call that runs without its caller. */
export type Run = {
  /** Where the journey writes its reply. */
  caller: Caller;
  /** The reply as far as it came. */
  response(): JsonObject;
  status(): ResponseStatus;
  /** Set when the call was refused before a provider was asked; then it does not run. */
  refusal(): Refusal | undefined;
  /** From now on it is under way: whatever goes wrong is part of its reply. */
  begin(): void;
  /** Ends it from outside, once; what came until then stays. Nothing happens when it has ended. */
  stop(status: 'cancelled' | 'failed', message?: string): void;
  log: EventLog;
};

export type RunDeps = {
  /** The reply before anything of it came. */
  draft: JsonObject;
  schedule: Schedule;
  /** Takes room for what comes; false when there is none. */
  take: (bytes: number) => boolean;
  /** Called once, when it has ended by itself or from outside. Not for one that was refused. */
  onEnd: () => void;
};

type State = RunDeps & {
  readonly log: EventLog;
  head: { status: number; headers: { [name: string]: string } } | undefined;
  sse: SseReader | undefined;
  body: Buffer[];
  response: JsonObject;
  /** Items that are complete. */
  output: JsonObject[];
  hasItems: boolean;
  hasBegun: boolean;
  hasEnded: boolean;
  refusal: Refusal | undefined;
};

/** Takes the reply of a journey whose caller need not be there, and keeps its events for whoever comes. */
export function openRun(deps: RunDeps): Run {
  const state: State = {
    ...deps,
    log: openEventLog(deps),
    head: undefined,
    sse: undefined,
    body: [],
    response: deps.draft,
    output: [],
    hasItems: false,
    hasBegun: false,
    hasEnded: false,
    refusal: undefined,
  };
  state.log.add({ type: 'response.created', response: state.response });
  state.log.add({ type: 'response.queued', response: state.response });
  return {
    caller: callerOf(state),
    response: () => (state.hasEnded ? state.response : { ...state.response, output: state.output }),
    status: () => statusOf(state.response),
    refusal: () => state.refusal,
    begin: () => begin(state),
    stop: (status, message) => stop(state, status, message),
    log: state.log,
  };
}

function callerOf(state: State): Caller {
  return {
    head: (status, headers) => {
      state.head = { status, headers };
      if (status === 200 && headers['content-type']?.startsWith('text/event-stream') === true) {
        state.sse = openSseReader();
      }
    },
    write: (bytes) => {
      const piece = Buffer.from(bytes);
      if (state.hasEnded) return true;
      if (state.sse === undefined) {
        state.body.push(piece);
        if (!state.take(piece.length)) fail(state, 'server_error', 'The server has no room for the reply.');
      } else for (const frame of state.sse.read(piece)) readEvent(state, parseJson(frame.data));
      // Nobody is slow here: what comes is kept.
      return true;
    },
    onDrain: () => {},
    end: () => finish(state),
    abort: () => fail(state, 'server_error', 'The provider failed in the middle of its reply.'),
  };
}

function begin(state: State): void {
  state.hasBegun = true;
  if (!state.hasEnded) state.response = { ...state.response, status: 'in_progress' };
}

function readEvent(state: State, event: unknown): void {
  if (state.hasEnded || !isJsonObject(event)) return;
  const { type } = event;
  if (isJsonObject(event.response)) {
    state.response = { ...event.response, created_at: state.draft.created_at };
    if (isFinal(type)) {
      end(state, state.response);
      return;
    }
    // Its beginning was told before the provider was asked.
    if (type === 'response.in_progress') state.log.add({ ...event, response: state.response });
    return;
  }
  if (type === 'error') return;
  if (type === 'response.output_item.done' && isJsonObject(event.item)) state.output.push(event.item);
  state.hasItems = true;
  state.log.add(event);
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function finish(state: State): void {
  const { head, hasEnded } = state;
  if (hasEnded || head === undefined) return;
  if (state.sse !== undefined) {
    fail(state, 'server_error', 'The reply ended before it was complete.');
    return;
  }
  const text = Buffer.concat(state.body).toString('utf8');
  state.body = [];
  const body = parseJson(text);
  if (head.status === 200 && isObject(body)) {
    end(state, { ...body, created_at: state.draft.created_at });
  } else if (!state.hasBegun) {
    state.hasEnded = true;
    state.refusal = { status: head.status, headers: head.headers, body: text };
  } else {
    const error = isObject(body) && isObject(body.error) ? body.error : {};
    const message = typeof error.message === 'string' ? error.message : 'The call failed.';
    fail(state, codeOf(head.status), message);
  }
}

/** OpenAI's schema knows few codes for a reply that failed. */
function codeOf(status: number): string {
  if (status === 429) return 'rate_limit_exceeded';
  return status === 400 || status === 413 || status === 422 ? 'invalid_prompt' : 'server_error';
}

function fail(state: State, code: string, message: string): void {
  end(state, { ...state.response, output: state.output, status: 'failed', error: { code, message } });
}

function stop(state: State, status: 'cancelled' | 'failed', message: string | undefined): void {
  if (state.hasEnded) return;
  if (status === 'failed') fail(state, 'server_error', message ?? 'The call was interrupted.');
  else end(state, { ...state.response, output: state.output, status });
}

function end(state: State, response: JsonObject): void {
  if (state.hasEnded) return;
  state.hasEnded = true;
  state.response = response;
  if (!state.hasItems) for (const event of explodeOutput(response)) state.log.add(event);
  state.log.add(finalEvent(response));
  state.log.close(response.status === 'completed' || response.status === 'incomplete');
  state.onEnd();
}

const STATUSES: readonly ResponseStatus[] = [
  'queued',
  'in_progress',
  'completed',
  'incomplete',
  'failed',
  'cancelled',
];

/** What a reply says of itself; one that says nothing is complete. */
export function statusOf({ status }: JsonObject): ResponseStatus {
  return STATUSES.find((known) => known === status) ?? 'completed';
}
