import { GatewayError, type Json, parseJson } from '@app/protocol';
import type { Chooser, ChooserDeps, Chosen, ChosenTarget } from '../admission/choose-target.ts';
import type { Send, Target } from '../ports.ts';
import { asGatewayError, badResponse } from '../provider/answer-errors.ts';
import { type ByteStore, openByteStore } from '../provider/byte-store.ts';
import { callerError, mayFallBack } from '../provider/fall-back.ts';
import { refuseLoss } from '../provider/refuse-loss.ts';
import type { JourneySettings } from '../settings.ts';
import { type Alarm, openAlarm } from '../wait/alarm.ts';
import { openUnaryChooser, type UnaryChooserInput } from './open-unary-chooser.ts';
import { type AnswerHead, createUnaryExchange, type UnaryExchange } from './unary-exchange.ts';
import type { UnaryReply } from './unary-operation.ts';
import { isFreeAt } from './unary-plan.ts';

export type UnaryAttemptDeps = ChooserDeps & { send: Send; settings: JourneySettings };

export type UnaryAttemptInput = UnaryChooserInput;

/** What comes of the attempts: `onOpen`, bytes and `onDone`; or `onReply`; and `onFail` instead of what is missing. */
export type UnaryAttemptSink = {
  /** The answer's first bytes are here: from now on there is no other target. */
  onOpen(target: Target, head: AnswerHead): void;
  onBytes(bytes: Uint8Array): void;
  onDone(status: number): void;
  /** The answer was read whole. */
  onReply(target: Target, reply: UnaryReply, bytes: Buffer): void;
  onFail(error: GatewayError, target: Target | undefined): void;
};

export type UnaryAttempt = { start(): void; pause(): void; resume(): void; cancel(): void };

type State = UnaryAttemptDeps &
  UnaryAttemptInput & {
    readonly sink: UnaryAttemptSink;
    readonly alarm: Alarm;
    /** Monotonic milliseconds at which the whole request is over. */
    readonly totalDueMs: number;
    /** `waiting`: another target may still be asked. `reading`: the answer is whole and is being read. */
    phase: 'waiting' | 'flowing' | 'reading' | 'over';
    readonly chooser: Chooser;
    /** Why the target before this one did not answer. */
    failure: GatewayError | undefined;
    target: Target | undefined;
    exchange: UnaryExchange | undefined;
    head: AnswerHead | undefined;
    bytes: ByteStore;
    isPaused: boolean;
  };

/** Asks the targets in their order until one answers; once its bytes are passed on there is no other. */
export function createUnaryAttempt(
  deps: UnaryAttemptDeps,
  input: UnaryAttemptInput,
  sink: UnaryAttemptSink,
): UnaryAttempt {
  const state: State = {
    ...deps,
    ...input,
    sink,
    alarm: openAlarm(deps, () => onDue(state)),
    totalDueMs: input.asked.receivedAt.monotonicMs + deps.settings.totalMs,
    chooser: openUnaryChooser(deps, input),
    phase: 'waiting',
    failure: undefined,
    target: undefined,
    exchange: undefined,
    head: undefined,
    bytes: openByteStore(deps.settings.replyBytesMax),
    isPaused: false,
  };
  return {
    start: () => tryNext(state),
    pause: () => pause(state, true),
    resume: () => pause(state, false),
    cancel: () => cancel(state),
  };
}

function tryNext(state: State): void {
  let isChosen = false;
  state.chooser.next((chosen) => {
    isChosen = true;
    try {
      onChosen(state, chosen);
    } catch (error) {
      onError(state, asGatewayError(error), undefined);
      // No more than a net: whatever the attempt began with is settled by now.
      if (chosen.kind === 'target') chosen.reservation.withdraw();
    }
  });
  // Counts that are elsewhere take a while, which belongs to the request's time.
  if (!isChosen && state.phase === 'waiting') state.alarm.setAt(state.totalDueMs);
}

function onChosen(state: State, chosen: Chosen): void {
  if (state.phase === 'over') {
    // The caller left, or time was up, while the counts were asked.
    if (chosen.kind === 'target') chosen.reservation.withdraw();
  } else if (chosen.kind === 'target') dispatch(state, chosen);
  else if (chosen.kind === 'refused') giveUp(state, state.failure ?? chosen.refusal.error);
  else giveUp(state, state.failure ?? new GatewayError('no_target_available', 'No provider is available.'));
}

function dispatch(state: State, { target, reservation }: ChosenTarget): void {
  const { asked, order, settings, ledger } = state;
  state.target = target;
  state.exchange = undefined;
  state.head = undefined;
  state.bytes = openByteStore(settings.replyBytesMax);
  ledger.begin(target, { isFree: isFreeAt(order, target), reservation });
  waitFor(state, order.isStream === true ? settings.firstByteMs : settings.wholeFirstByteMs);
  try {
    const { losses, ...request } = order.write(target);
    ledger.lose(losses);
    if (asked.unsupported === 'reject') refuseLoss([...losses]);
    const isOpaque = order.answer.kind === 'pass' && order.answer.isOpaque === true;
    state.exchange = createUnaryExchange(
      { request: { ...request, mode: asked.principal.mode }, send: state.send, settings, isOpaque },
      {
        onSign: () => waitFor(state, settings.idleMs),
        onHead: (head) => {
          state.head = head;
        },
        onBytes: (bytes) => onBytes(state, target, bytes),
        onEnd: () => onEnd(state, target),
        onError: (error, status) => onError(state, error, status),
      },
    );
  } catch (error) {
    onError(state, asGatewayError(error), undefined);
    return;
  }
  ledger.noteSent();
  state.exchange.start();
}

function waitFor(state: State, waitMs: number): void {
  if (state.phase === 'over') return;
  // While the caller does not read, the provider's silence is our own doing.
  const dueMs = state.isPaused ? state.totalDueMs : state.clock.monotonicMs() + waitMs;
  state.alarm.setAt(Math.min(dueMs, state.totalDueMs));
}

function onBytes(state: State, target: Target, bytes: Uint8Array): void {
  if (state.order.answer.kind === 'pass') {
    open(state, target);
    state.sink.onBytes(bytes);
  } else if (!state.bytes.add(bytes)) {
    const error = badResponse(`sent a reply of more than ${state.settings.replyBytesMax} bytes`);
    onError(state, error, state.exchange?.status());
  }
}

function open(state: State, target: Target): void {
  if (state.phase !== 'waiting' || state.head === undefined) return;
  state.phase = 'flowing';
  state.sink.onOpen(target, state.head);
}

function onEnd(state: State, target: Target): void {
  const { answer } = state.order;
  const status = state.head?.status ?? 200;
  if (answer.kind === 'pass') {
    open(state, target);
    stop(state);
    state.sink.onDone(status);
    return;
  }
  state.phase = 'reading';
  const bytes = state.bytes.whole();
  const came = { bytes, target, parse: () => parsed(bytes) };
  const read = new Promise<UnaryReply>((resolve) => resolve(answer.read(came)));
  read.then(
    (reply) => onRead(state, { target, reply, bytes, status }),
    (error: unknown) => onError(state, asGatewayError(error), status),
  );
}

function parsed(bytes: Buffer): Json {
  const body = parseJson(bytes.toString('utf8'));
  if (body === undefined) throw badResponse('answered with something that is not JSON');
  return body;
}

type Read = { target: Target; reply: UnaryReply; bytes: Buffer; status: number };

function onRead(state: State, { target, reply, bytes, status }: Read): void {
  if (state.phase === 'over') return;
  const { metered, isEstimated, cost } = reply;
  state.ledger.endAttempt({
    outcome: 'ok',
    status,
    ...(metered === undefined ? {} : { metered }),
    ...(isEstimated === undefined ? {} : { isEstimated }),
    ...(cost === undefined ? {} : { cost }),
  });
  stop(state);
  state.sink.onReply(target, reply, bytes);
}

function onError(state: State, error: GatewayError, status: number | undefined): void {
  if (state.phase === 'over') return;
  const { target } = state;
  const shown = target === undefined ? error : callerError(error, target.provider.id);
  state.exchange?.cancel();
  const isCommitted = state.phase === 'flowing';
  state.ledger.endAttempt({ outcome: 'failed', status, error: shown, isBegun: isCommitted });
  state.chooser.onFailed(status, error.detail.restS ?? error.detail.retryAfterS);
  const isLast = state.clock.monotonicMs() >= state.totalDueMs || !state.chooser.hasNext();
  if (isCommitted || isLast || !mayFallBack(error)) {
    if (status !== undefined) state.order.onRefused?.(status);
    giveUp(state, shown);
    return;
  }
  state.phase = 'waiting';
  state.failure = shown;
  tryNext(state);
}

function giveUp(state: State, error: GatewayError): void {
  stop(state);
  state.sink.onFail(error, state.target);
}

function onDue(state: State): void {
  const provider = state.target?.provider.id ?? 'The provider';
  const status = state.exchange?.status();
  if (state.clock.monotonicMs() >= state.totalDueMs) {
    const message = `The call took longer than ${state.settings.totalMs / 1000} s.`;
    onError(state, new GatewayError('deadline_exceeded', message), status);
    return;
  }
  const message = `${provider} sent nothing for too long.`;
  onError(state, new GatewayError('provider_timeout', message, { provider }), status);
}

function pause(state: State, isPaused: boolean): void {
  if (state.phase === 'over' || state.isPaused === isPaused) return;
  state.isPaused = isPaused;
  waitFor(state, state.settings.idleMs);
  if (isPaused) state.exchange?.pause();
  else state.exchange?.resume();
}

function cancel(state: State): void {
  if (state.phase === 'over') return;
  state.exchange?.cancel();
  state.ledger.endAttempt({ outcome: 'cancelled', status: state.exchange?.status() });
  stop(state);
}

function stop(state: State): void {
  state.phase = 'over';
  state.alarm.clear();
  state.chooser.drop();
}
