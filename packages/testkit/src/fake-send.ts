import type { ProviderReply, ProviderRequest, Send } from '@app/gateway';
import { GatewayError } from '@app/protocol';

/** One request to a provider, with the hand that answers it. What is said after `cancel` is not delivered. */
export type FakeExchange = {
  request: ProviderRequest;
  /** The request's body as JSON. */
  body: { [field: string]: unknown };
  head(status: number, headers?: { [name: string]: string }): void;
  chunk(bytes: string | Uint8Array): void;
  end(): void;
  fail(error?: GatewayError): void;
  isPaused(): boolean;
  isCancelled(): boolean;
  /** True when the answer is over: ended, failed or cancelled. */
  isOver(): boolean;
};

/** Answers an exchange, at once or whenever its test says so. */
export type FakeAnswer = (exchange: FakeExchange) => void;

export type FakeSend = { send: Send; exchanges: FakeExchange[]; last(): FakeExchange };

/** A `Send` whose requests are answered by these answers in turn, and by hand once they have run out. */
export function createFakeSend(...answers: FakeAnswer[]): FakeSend {
  const exchanges: FakeExchange[] = [];
  return {
    exchanges,
    send(request, reply) {
      const { exchange, cancel, pause } = openExchange(request, reply);
      const answer = answers[exchanges.length];
      exchanges.push(exchange);
      answer?.(exchange);
      return { pause: () => pause(true), resume: () => pause(false), cancel };
    },
    last() {
      const exchange = exchanges.at(-1);
      if (exchange === undefined) throw new Error('Nothing was sent yet.');
      return exchange;
    },
  };
}

function openExchange(request: ProviderRequest, reply: ProviderReply) {
  let isPaused = false;
  let isCancelled = false;
  let isOver = false;
  const say = (run: () => void): void => {
    if (!isOver) run();
  };
  const close = (run: () => void): void => {
    if (isOver) return;
    isOver = true;
    run();
  };
  const exchange: FakeExchange = {
    request,
    body: JSON.parse(request.body),
    head: (status, headers = {}) => say(() => reply.onHead(status, headers)),
    chunk: (bytes) => say(() => reply.onChunk(typeof bytes === 'string' ? Buffer.from(bytes) : bytes)),
    end: () => close(() => reply.onEnd()),
    fail: (error = new GatewayError('provider_failed', 'The connection was refused.')) =>
      close(() => reply.onError(error)),
    isPaused: () => isPaused,
    isCancelled: () => isCancelled,
    isOver: () => isOver,
  };
  const cancel = (): void => {
    if (isOver) return;
    isOver = true;
    isCancelled = true;
  };
  const pause = (paused: boolean): void => {
    isPaused = paused;
  };
  return { exchange, cancel, pause };
}

/** Answers whole, with JSON unless told otherwise. */
export function answers(
  status: number,
  body: unknown,
  headers: { [name: string]: string } = { 'content-type': 'application/json' },
): FakeAnswer {
  return (exchange) => {
    exchange.head(status, headers);
    exchange.chunk(typeof body === 'string' ? body : JSON.stringify(body));
    exchange.end();
  };
}

/** Answers with a stream of these pieces and ends the connection in order. */
export function streams(...pieces: (string | Uint8Array)[]): FakeAnswer {
  return (exchange) => {
    exchange.head(200, { 'content-type': 'text/event-stream' });
    for (const piece of pieces) exchange.chunk(piece);
    exchange.end();
  };
}

/** Never answers: the connection fails. */
export function refuses(error?: GatewayError): FakeAnswer {
  return (exchange) => exchange.fail(error);
}
