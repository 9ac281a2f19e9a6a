import { GatewayError, writeFrame } from '@app/protocol';
import type { RouteMode } from '../asked.ts';
import type { Target } from '../ports.ts';
import { mayFallBack } from '../provider/fall-back.ts';
import type { Outlet } from '../reply/outlet.ts';
import { type Headers, jsonHeaders, routedHeaders, usdOf } from '../reply/reply-headers.ts';
import { refuse } from '../steps/refuse.ts';
import type { Settle } from '../steps/settle.ts';
import { type Meter, openMeter } from './open-meter.ts';
import { isEventStream, isJson, passHeaders } from './pass-headers.ts';
import type { UnaryAsked } from './unary-asked.ts';
import type { UnaryAttemptSink } from './unary-attempt.ts';
import type { AnswerHead } from './unary-exchange.ts';
import type { UnaryLedger } from './unary-ledger.ts';
import type { ProviderOrder, UnaryReply } from './unary-operation.ts';

export type UnaryRelayInput = {
  asked: UnaryAsked;
  outlet: Outlet;
  settle: Settle;
  headers: Headers;
  ledger: UnaryLedger;
};

/** Answers with JSON, the provider's own where there is no other. The record is safe before the first byte leaves. */
export function sendReply(input: UnaryRelayInput, { reply, routed = {}, bytes }: Sent): void {
  const { outlet, settle, headers, ledger } = input;
  const body = reply.body === undefined ? (bytes ?? '') : JSON.stringify(reply.body);
  if (reply.shown !== undefined) ledger.keep(reply.shown);
  const record = settle({ status: 200, error: undefined });
  if (record === undefined) return;
  const cost: Headers =
    record.provider === undefined || record.cost.label === 'unknown'
      ? {}
      : { 'x-tokenrouter-cost-usd': usdOf(record.cost.nanos) };
  outlet.head(200, { ...headers, ...routed, ...cost, ...reply.headers, ...jsonHeaders(body) });
  outlet.write(body);
  outlet.finish('end');
}

/** `bytes` are the provider's own, sent where the reply has no body of ours. */
type Sent = { reply: UnaryReply; routed?: Headers; bytes?: Buffer };

type State = UnaryRelayInput & {
  readonly order: ProviderOrder;
  readonly mode: RouteMode;
  meter: Meter | undefined;
  head: AnswerHead | undefined;
  /** The last piece that came: it leaves when the record is safe. */
  held: Uint8Array | undefined;
};

export type UnaryRelay = UnaryAttemptSink;

/** Passes what the attempts give on to the caller. */
export function openUnaryRelay(
  input: UnaryRelayInput & { order: ProviderOrder; mode: RouteMode },
): UnaryRelay {
  const state: State = { ...input, meter: undefined, head: undefined, held: undefined };
  const safely = (run: () => void): void => {
    try {
      run();
    } catch (cause) {
      const error = new GatewayError('internal_error', 'The reply could not be written.', { cause });
      state.settle({ status: error.status, error });
      state.outlet.finish('abort');
    }
  };
  return {
    onOpen: (target, head) => safely(() => open(state, target, head)),
    onBytes: (bytes) => safely(() => passOn(state, bytes)),
    onDone: (status) => safely(() => done(state, status)),
    onReply: (target, reply, bytes) =>
      safely(() => sendReply(state, { reply, routed: routed(state, target), bytes })),
    onFail: (error, target) => safely(() => fail(state, error, target)),
  };
}

function routed({ asked, ledger, mode }: State, target: Target): Headers {
  const losses = asked.unsupported === 'drop' ? [] : ledger.losses();
  return routedHeaders({ target, mode, attempts: ledger.attempts(), losses });
}

function open(state: State, target: Target, head: AnswerHead): void {
  const { answer } = state.order;
  if (answer.kind !== 'pass') return;
  const isOpaque = answer.isOpaque === true;
  state.head = head;
  if (!isOpaque) state.meter = openMeter({ isJson: isJson(head.contentType), readUsage: answer.readUsage });
  state.outlet.head(200, { ...state.headers, ...routed(state, target), ...passHeaders(head, isOpaque) });
}

function passOn(state: State, bytes: Uint8Array): void {
  state.meter?.see(bytes);
  if (state.held !== undefined) state.outlet.write(state.held);
  state.held = bytes;
}

function done(state: State, status: number): void {
  const { ledger, meter, head, outlet, held } = state;
  const metered = meter?.read() ?? { usage: {} };
  ledger.endAttempt({ outcome: 'ok', status, metered });
  const text = head !== undefined && isJson(head.contentType) ? meter?.text() : undefined;
  // Pictures, vectors and sound in JSON tell a reader nothing.
  if (text !== undefined && text.length <= SHOWN_CHARS_MAX) ledger.keep(text);
  if (state.settle({ status: 200, error: undefined }) === undefined) return;
  if (held !== undefined) outlet.write(held);
  outlet.finish('end');
}

const SHOWN_CHARS_MAX = 65_536;

function fail(state: State, error: GatewayError, target: Target | undefined): void {
  const { asked, order, outlet, head } = state;
  if (head === undefined) {
    if (order.fallback !== undefined && mayFallBack(error)) {
      answerOurselves(state, order.fallback);
      return;
    }
    const headers = target === undefined ? state.headers : { ...state.headers, ...routed(state, target) };
    refuse({ ...state, headers }, error);
    return;
  }
  if (state.settle({ status: 200, error }) === undefined) return;
  if (state.held !== undefined) outlet.write(state.held);
  if (isEventStream(head.contentType)) {
    const { body } = asked.dialect.inbound.writeError(error, asked.requestId);
    outlet.write(writeFrame({ event: 'error', data: JSON.stringify(body) }));
  }
  outlet.finish('abort');
}

/** No provider did: what we know ourselves is better than nothing, and says what it is. */
export function answerOurselves(input: UnaryRelayInput, fallback: () => Promise<UnaryReply>): void {
  fallback().then(
    (reply) => sendReply(input, { reply }),
    (cause: unknown) => {
      const unforeseen = new GatewayError('internal_error', 'The call could not be completed.', { cause });
      refuse(input, cause instanceof GatewayError ? cause : unforeseen);
    },
  );
}
