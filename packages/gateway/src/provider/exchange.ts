import {
  type Event,
  type Frame,
  type GatewayError,
  type Json,
  openSseReader,
  type ProviderDialect,
  parseJson,
  providerDialects,
  type SseReader,
  type StreamReader,
} from '@app/protocol';
import { openAwsEventStream } from '@app/providers';
import type { ProviderReply, ProviderRequest, Send, Sending } from '../ports.ts';
import type { JourneySettings } from '../settings.ts';
import { asGatewayError, badResponse, withRetryAfter } from './answer-errors.ts';
import { type ByteStore, openByteStore } from './byte-store.ts';

/** One frame of a provider's stream and what it means. A last step without a frame comes from the connection's end. */
export type Step = { frame: Frame | undefined; events: readonly Event[]; isLast: boolean };

/** A provider's whole reply: its bytes as they came, parsed once, and what they mean. */
export type Whole = { bytes: Buffer; body: Json; events: readonly Event[] };

/** Called while the exchange is under way. After `onWhole`, `onError`, or a step that is last, only `onClose` follows. */
export type ExchangeSink = {
  /** Something came: a head, or bytes that may not complete a frame yet. */
  onSign(): void;
  /** The steps that one piece of the stream completed; never empty. */
  onSteps(steps: readonly Step[]): void;
  onWhole(whole: Whole): void;
  /** `status` is the provider's, absent when it never answered. */
  onError(error: GatewayError, status: number | undefined): void;
  /** The provider closed its side in order. */
  onClose(): void;
};

export type Exchange = {
  start(): void;
  status(): number | undefined;
  pause(): void;
  resume(): void;
  /** Closes the connection. Nothing is called afterwards. */
  cancel(): void;
};

export type ExchangeInput = {
  request: ProviderRequest;
  send: Send;
  settings: JourneySettings;
  isStream: boolean;
  /** What a reply is called whose wire gives it no id or does not name its model. */
  names: { id: string; model: string };
};

type State = ExchangeInput & {
  readonly sink: ExchangeSink;
  readonly dialect: ProviderDialect;
  status: number | undefined;
  retryAfter: string | undefined;
  reading: Reading;
  sending: Sending | undefined;
  /** Nothing is called any more. */
  isOver: boolean;
  /** The connection ended, in order or not. */
  hasEnded: boolean;
};

/** How the body is read, decided by the head. */
type Reading = { kind: 'none' } | Streaming | { kind: 'whole' | 'error'; bytes: ByteStore };

type Streaming = { kind: 'stream'; framing: SseReader; reader: StreamReader; hasLast: boolean };

/** Sends one request and reads its answer, whole or as a stream. Knows nothing of other targets or of the caller. */
export function createExchange(input: ExchangeInput, sink: ExchangeSink): Exchange {
  const dialect = providerDialects[input.request.provider.dialect];
  const state: State = {
    ...input,
    sink,
    dialect,
    status: undefined,
    retryAfter: undefined,
    reading: { kind: 'none' },
    sending: undefined,
    isOver: false,
    hasEnded: false,
  };
  return {
    start: () => start(state),
    status: () => state.status,
    pause: () => state.sending?.pause(),
    resume: () => state.sending?.resume(),
    cancel: () => cancel(state),
  };
}

function start(state: State): void {
  const reply: ProviderReply = {
    onHead: (status, headers) => {
      if (state.isOver) return;
      state.retryAfter = headers['retry-after'];
      onHead(state, status, (headers['content-type'] ?? '').toLowerCase());
    },
    onChunk: (bytes) => {
      if (!state.isOver) onChunk(state, bytes);
    },
    onEnd: () => {
      if (!state.isOver) onEnd(state);
    },
    onError: (error) => {
      if (state.isOver) return;
      end(state);
      // After the last step the reply is complete, however the connection ends.
      if (state.reading.kind === 'stream' && state.reading.hasLast) state.sink.onClose();
      else state.sink.onError(error, state.status);
    },
  };
  let sending: Sending;
  try {
    sending = state.send(state.request, reply);
  } catch (error) {
    if (!state.isOver) fail(state, asGatewayError(error));
    return;
  }
  // The answer may have come before `send` returned: it was complete, or it was given up.
  if (!state.isOver) state.sending = sending;
  else if (!state.hasEnded) sending.cancel();
}

/** The connection ended by itself, so there is nothing left to cancel. */
function end(state: State): void {
  state.isOver = true;
  state.hasEnded = true;
  state.sending = undefined;
}

function cancel(state: State): void {
  state.isOver = true;
  state.sending?.cancel();
  state.sending = undefined;
}

function fail(state: State, error: GatewayError): void {
  cancel(state);
  state.sink.onError(error, state.status);
}

function onHead(state: State, status: number, contentType: string): void {
  state.status = status;
  if (status >= 300 && status < 400) {
    fail(state, badResponse('answered with a redirect'));
    return;
  }
  if (status < 200 || status >= 300) {
    state.reading = { kind: 'error', bytes: openByteStore(state.settings.errorBytesMax) };
  } else if (contentType.startsWith('text/html')) {
    fail(state, badResponse('answered with a web page'));
    return;
  } else if (state.isStream && !contentType.startsWith('application/json')) {
    const reader = state.dialect.outbound.openReader();
    state.reading = { kind: 'stream', framing: openFraming(state), reader, hasLast: false };
  } else {
    state.reading = { kind: 'whole', bytes: openByteStore(state.settings.replyBytesMax) };
  }
  state.sink.onSign();
}

function openFraming({ request }: State): SseReader {
  return request.provider.framing === 'aws-event-stream' ? openAwsEventStream() : openSseReader();
}

function onChunk(state: State, bytes: Uint8Array): void {
  const { reading } = state;
  if (reading.kind === 'none') return;
  if (reading.kind === 'stream') {
    if (reading.hasLast) return;
    state.sink.onSign();
    let frames: readonly Frame[];
    try {
      frames = reading.framing.read(bytes);
    } catch (error) {
      fail(state, asGatewayError(error));
      return;
    }
    readFrames(state, reading, frames);
    return;
  }
  state.sink.onSign();
  if (reading.bytes.add(bytes)) return;
  if (reading.kind === 'error') {
    failWithReply(state, undefined);
    return;
  }
  fail(state, badResponse(`sent a reply of more than ${state.settings.replyBytesMax} bytes`));
}

function readFrames(state: State, reading: Streaming, frames: readonly Frame[]): void {
  const steps: Step[] = [];
  for (const frame of frames) {
    const events = named(state, readSafely(reading.reader, frame));
    // Whatever a dialect's last frame looks like, it is the one that ends the reply.
    const isLast = events.at(-1)?.type === 'reply-end';
    steps.push({ frame, events, isLast });
    if (!isLast) continue;
    reading.hasLast = true;
    break;
  }
  if (steps.length > 0) state.sink.onSteps(steps);
}

/** A reader does not throw. If one did, the caller must hear of it all the same. No frame means the stream's end. */
function readSafely(reader: StreamReader, frame?: Frame): Event[] {
  try {
    return frame === undefined ? reader.end() : reader.read(frame);
  } catch (error) {
    return [{ type: 'error', error: asGatewayError(error) }];
  }
}

/** Only the first event of a reply carries names. */
function named({ names }: State, events: readonly Event[]): readonly Event[] {
  const [first] = events;
  if (first?.type !== 'reply-start' || (first.id !== '' && first.model !== '')) return events;
  return [{ ...first, id: first.id || names.id, model: first.model || names.model }, ...events.slice(1)];
}

function onEnd(state: State): void {
  const { reading } = state;
  if (reading.kind === 'stream') {
    if (!reading.hasLast) readFrames(state, reading, reading.framing.end());
    if (!reading.hasLast && !state.isOver) {
      reading.hasLast = true;
      state.sink.onSteps([{ frame: undefined, events: readSafely(reading.reader), isLast: true }]);
    }
    if (state.isOver) return;
    end(state);
    state.sink.onClose();
    return;
  }
  end(state);
  if (reading.kind === 'none') fail(state, badResponse('closed the connection without an answer'));
  else if (reading.kind === 'error') failWithReply(state, parseJson(reading.bytes.whole().toString('utf8')));
  else readWhole(state, reading.bytes.whole());
}

function readWhole(state: State, bytes: Buffer): void {
  const body = parseJson(bytes.toString('utf8'));
  if (body === undefined) {
    fail(state, badResponse('answered with something that is not JSON'));
    return;
  }
  let events: readonly Event[];
  try {
    events = named(state, state.dialect.outbound.readReply(body));
  } catch (error) {
    fail(state, asGatewayError(error));
    return;
  }
  if (state.isStream) fail(state, badResponse('answered with a whole reply where a stream was asked for'));
  else state.sink.onWhole({ bytes, body, events });
}

function failWithReply(state: State, body: Json | undefined): void {
  const error = refusing(state).outbound.readError(state.status ?? 502, body);
  fail(state, withRetryAfter(error, state.retryAfter));
}

/** AWS refuses in its own words, whatever dialect its model speaks. */
function refusing({ request, dialect }: State): ProviderDialect {
  return request.provider.framing === 'aws-event-stream' ? providerDialects['bedrock-converse'] : dialect;
}
