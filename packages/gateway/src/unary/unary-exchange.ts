import { type GatewayError, parseJson, providerDialects } from '@app/protocol';
import type { ProviderReply, ProviderRequest, Send, Sending } from '../ports.ts';
import { asGatewayError, badResponse, withRetryAfter } from '../provider/answer-errors.ts';
import { type ByteStore, openByteStore } from '../provider/byte-store.ts';
import type { JourneySettings } from '../settings.ts';

/** The head of an answer that says yes. */
export type AnswerHead = { status: number; contentType: string; disposition: string | undefined };

/** After `onEnd` or `onError` (exactly one, once) nothing more is called. */
export type UnaryExchangeSink = {
  onHead(head: AnswerHead): void;
  onBytes(bytes: Uint8Array): void;
  onEnd(): void;
  /** `status` is the provider's, absent when it never answered. */
  onError(error: GatewayError, status: number | undefined): void;
  /** Something came, whatever it was. */
  onSign(): void;
};

export type UnaryExchange = { start(): void; status(): number | undefined } & Sending;

type ExchangeInput = {
  request: ProviderRequest;
  send: Send;
  settings: Pick<JourneySettings, 'errorBytesMax'>;
  /** Whether a web page can be an answer: it can be somebody's file. */
  isOpaque: boolean;
};

type State = ExchangeInput & {
  readonly sink: UnaryExchangeSink;
  status: number | undefined;
  retryAfter: string | undefined;
  /** Present while an answer that says no is read. */
  refusal: ByteStore | undefined;
  sending: Sending | undefined;
  isOver: boolean;
};

/** Sends one request and passes its answer on as bytes; an answer that says no becomes an error. */
export function createUnaryExchange(input: ExchangeInput, sink: UnaryExchangeSink): UnaryExchange {
  const state: State = {
    ...input,
    sink,
    status: undefined,
    retryAfter: undefined,
    refusal: undefined,
    sending: undefined,
    isOver: false,
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
      if (!state.isOver) onHead(state, status, headers);
    },
    onChunk: (bytes) => {
      if (!state.isOver) onChunk(state, bytes);
    },
    onEnd: () => {
      if (!state.isOver) onEnd(state);
    },
    onError: (error) => {
      if (!state.isOver) fail(state, error);
    },
  };
  try {
    const sending = state.send(state.request, reply);
    // The answer may have been given up before `send` returned.
    if (state.isOver) sending.cancel();
    else state.sending = sending;
  } catch (error) {
    if (!state.isOver) fail(state, asGatewayError(error));
  }
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

function onHead(state: State, status: number, headers: Parameters<ProviderReply['onHead']>[1]): void {
  state.status = status;
  state.retryAfter = headers['retry-after'];
  const contentType = headers['content-type'] ?? '';
  if (status >= 300 && status < 400) fail(state, badResponse('answered with a redirect'));
  else if (status < 200 || status >= 300) {
    state.refusal = openByteStore(state.settings.errorBytesMax);
    state.sink.onSign();
  } else if (!state.isOpaque && contentType.toLowerCase().startsWith('text/html'))
    fail(state, badResponse('answered with a web page'));
  else {
    state.sink.onSign();
    state.sink.onHead({ status, contentType, disposition: headers['content-disposition'] });
  }
}

function onChunk(state: State, bytes: Uint8Array): void {
  if (state.status === undefined) return;
  state.sink.onSign();
  if (state.refusal === undefined) state.sink.onBytes(bytes);
  else if (!state.refusal.add(bytes)) refuse(state);
}

function onEnd(state: State): void {
  if (state.status === undefined) fail(state, badResponse('closed the connection without an answer'));
  else if (state.refusal !== undefined) refuse(state);
  else {
    state.isOver = true;
    state.sink.onEnd();
  }
}

function refuse(state: State): void {
  const { outbound } = providerDialects[state.request.provider.dialect];
  const body = parseJson(state.refusal?.whole().toString('utf8') ?? '');
  fail(state, withRetryAfter(outbound.readError(state.status ?? 502, body), state.retryAfter));
}
