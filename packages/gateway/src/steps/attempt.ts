import { GatewayError } from '@app/protocol';
import type { Chooser, ChooserDeps, Chosen, ChosenTarget } from '../admission/choose-target.ts';
import type { ProviderRequest, Send, Target } from '../ports.ts';
import { badResponse } from '../provider/answer-errors.ts';
import {
  createExchange,
  type Exchange,
  type ExchangeSink,
  type Step,
  type Whole,
} from '../provider/exchange.ts';
import { callerError, mayFallBack } from '../provider/fall-back.ts';
import { type HeldSteps, openHeldSteps } from '../provider/held-steps.ts';
import { refuseLoss } from '../provider/refuse-loss.ts';
import { writeLimited } from '../provider/write-limited.ts';
import type { Tally } from '../record/tally.ts';
import type { JourneySettings } from '../settings.ts';
import { type Alarm, openAlarm } from '../wait/alarm.ts';
import { type CallChooserInput, openCallChooser } from './open-call-chooser.ts';

export type AttemptDeps = ChooserDeps & { send: Send; settings: JourneySettings };

export type AttemptInput = CallChooserInput;

/** What comes of the attempts: either `onOpen`, steps and `onDone`; or `onWhole`; and `onFail` instead of what is missing. */
export type AttemptSink = {
  /** The commit point of a stream: its first part is here. Until then the caller has seen nothing. */
  onOpen(target: Target): void;
  onSteps(steps: readonly Step[]): void;
  /** The stream is complete; `last` closes it. */
  onDone(last: Step): void;
  onWhole(target: Target, whole: Whole): void;
  /** No target answered, or the stream broke off after its commit point. */
  onFail(error: GatewayError, target: Target | undefined): void;
};

export type Attempt = { start(): void; pause(): void; resume(): void; cancel(): void };

/** `waiting`: before the commit point. `flowing`: after it. `closing`: complete, the connection is still open. */
type Phase = 'waiting' | 'flowing' | 'closing' | 'over';

type State = AttemptDeps &
  AttemptInput & {
    readonly sink: AttemptSink;
    readonly alarm: Alarm;
    /** Monotonic milliseconds at which the whole call is over. */
    readonly totalDueMs: number;
    readonly chooser: Chooser;
    phase: Phase;
    /** Why the target before this one did not answer. */
    failure: GatewayError | undefined;
    exchange: Exchange | undefined;
    tally: Tally | undefined;
    held: HeldSteps;
    isPaused: boolean;
  };

/**
 * Tries the targets in their order until one gives its first part. Before that an error means the next target; after it
 * there is no other target, because the caller has seen the beginning of this one's reply.
 */
export function createAttempt(deps: AttemptDeps, input: AttemptInput, sink: AttemptSink): Attempt {
  const state: State = {
    ...deps,
    ...input,
    sink,
    alarm: openAlarm(deps, () => onDue(state)),
    totalDueMs: input.asked.receivedAt.monotonicMs + deps.settings.totalMs,
    chooser: openCallChooser(deps, input),
    phase: 'waiting',
    failure: undefined,
    exchange: undefined,
    tally: undefined,
    held: openHeldSteps(deps.settings.heldBytesMax),
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
      onError(state, cannotWrite(error), undefined);
      // No more than a net: whatever the attempt began with is settled by now.
      if (chosen.kind === 'target') chosen.reservation.withdraw();
    }
  });
  // Counts that are elsewhere take a while, which belongs to the call's time.
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

function dispatch(state: State, chosen: ChosenTarget): void {
  const { target, reservation } = chosen;
  state.held = openHeldSteps(state.settings.heldBytesMax);
  state.exchange = undefined;
  state.tally = state.ledger.begin(target, reservation);
  const { firstByteMs, wholeFirstByteMs } = state.settings;
  waitFor(state, state.call.stream ? firstByteMs : wholeFirstByteMs);
  let request: ProviderRequest;
  try {
    request = write(state, chosen);
  } catch (error) {
    onError(state, cannotWrite(error), undefined);
    return;
  }
  const { send, settings, asked, call } = state;
  const names = { id: asked.replyId ?? asked.requestId, model: target.model };
  const input = { request, send, settings, isStream: call.stream, names };
  state.exchange = createExchange(input, sinkOf(state, target));
  state.ledger.noteSent();
  state.exchange.start();
}

function write({ ledger, asked, call }: State, chosen: ChosenTarget): ProviderRequest {
  const { target, outputTokensMax } = chosen;
  if (outputTokensMax !== undefined) ledger.noteLimits({ outputTokensMax });
  const { request, losses } = writeLimited({ ...chosen, asked, call }, target);
  ledger.lose(losses);
  if (asked.unsupported === 'reject') refuseLoss(losses);
  return request;
}

function cannotWrite(cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause;
  return new GatewayError('internal_error', 'The call could not be written for its provider.', { cause });
}

function sinkOf(state: State, target: Target): ExchangeSink {
  return {
    onSign: () => {
      if (state.phase !== 'closing') waitFor(state, state.settings.idleMs);
    },
    onSteps: (steps) => onSteps(state, target, steps),
    onWhole: (whole) => onWhole(state, target, whole),
    onError: (error, status) => onError(state, error, status),
    onClose: () => finish(state),
  };
}

function waitFor(state: State, waitMs: number): void {
  if (state.phase === 'over') return;
  // While the caller does not read, the provider's silence is our own doing.
  const dueMs = state.isPaused ? state.totalDueMs : state.clock.monotonicMs() + waitMs;
  state.alarm.setAt(Math.min(dueMs, state.totalDueMs));
}

function onSteps(state: State, target: Target, steps: readonly Step[]): void {
  const failure = count(state, steps);
  const good = failure === undefined ? steps : steps.slice(0, failure.at);
  if (state.phase === 'waiting' && state.tally?.hasPart() !== true) {
    const error = failure?.error ?? state.held.add(good);
    if (error !== undefined) onError(state, error, state.exchange?.status());
    return;
  }
  let ready = good;
  if (state.phase === 'waiting') {
    ready = [...state.held.take(), ...good];
    state.phase = 'flowing';
    state.sink.onOpen(target);
  }
  deliver(state, ready);
  if (failure !== undefined) onError(state, failure.error, state.exchange?.status());
}

function deliver(state: State, steps: readonly Step[]): void {
  const end = steps.at(-1);
  const last = end?.isLast === true ? end : undefined;
  const rest = last === undefined ? steps : steps.slice(0, -1);
  if (rest.length > 0) state.sink.onSteps(rest);
  if (last === undefined || state.phase !== 'flowing') return;
  if (state.tally?.hasEnded() !== true) {
    onError(state, badResponse('closed its stream before the reply was complete'), state.exchange?.status());
    return;
  }
  state.phase = 'closing';
  state.ledger.endAttempt({ outcome: 'ok', status: state.exchange?.status() });
  state.alarm.setAt(state.clock.monotonicMs() + CLOSE_WAIT_MS);
  state.sink.onDone(last);
}

/** Adds up what the steps say, and finds the first that says that the stream failed. */
function count(state: State, steps: readonly Step[]): { at: number; error: GatewayError } | undefined {
  const nowMs = state.ledger.nowMs();
  for (const [at, step] of steps.entries()) {
    for (const event of step.events) {
      if (event.type === 'error') return { at, error: event.error };
      state.tally?.see(event, nowMs);
    }
  }
  return undefined;
}

function onWhole(state: State, target: Target, whole: Whole): void {
  const nowMs = state.ledger.nowMs();
  for (const event of whole.events) {
    if (event.type === 'error') {
      onError(state, event.error, state.exchange?.status());
      return;
    }
    state.tally?.see(event, nowMs);
  }
  state.ledger.endAttempt({ outcome: 'ok', status: state.exchange?.status() });
  stop(state);
  state.sink.onWhole(target, whole);
}

function onError(state: State, error: GatewayError, status: number | undefined): void {
  if (state.phase === 'over') return;
  const target = state.tally?.target;
  const shown = target === undefined ? error : callerError(error, target.provider.id);
  state.exchange?.cancel();
  state.ledger.endAttempt({ outcome: 'failed', status, error: shown });
  const isCommitted = state.phase !== 'waiting';
  state.chooser.onFailed(status, error.detail.restS ?? error.detail.retryAfterS);
  const isLast = state.clock.monotonicMs() >= state.totalDueMs || !state.chooser.hasNext();
  state.failure = shown;
  if (isCommitted || isLast || !mayFallBack(error)) giveUp(state, shown);
  else tryNext(state);
}

function giveUp(state: State, error: GatewayError): void {
  stop(state);
  state.sink.onFail(error, state.tally?.target);
}

function onDue(state: State): void {
  if (state.phase === 'closing') {
    finish(state);
    return;
  }
  const provider = state.tally?.target.provider.id ?? 'The provider';
  if (state.clock.monotonicMs() >= state.totalDueMs) {
    const message = `The call took longer than ${state.settings.totalMs / 1000} s.`;
    onError(state, new GatewayError('deadline_exceeded', message), state.exchange?.status());
    return;
  }
  const message = `${provider} sent nothing for too long.`;
  onError(state, new GatewayError('provider_timeout', message, { provider }), state.exchange?.status());
}

/** The connection's end, or the end of our patience with it. */
function finish(state: State): void {
  if (state.phase !== 'closing') return;
  state.exchange?.cancel();
  stop(state);
}

function pause(state: State, isPaused: boolean): void {
  if (state.phase === 'over' || state.isPaused === isPaused) return;
  state.isPaused = isPaused;
  if (state.phase !== 'closing') waitFor(state, state.settings.idleMs);
  if (isPaused) state.exchange?.pause();
  else state.exchange?.resume();
}

function cancel(state: State): void {
  // A complete reply needs no stop: its connection can be used again.
  if (state.phase === 'over' || state.phase === 'closing') return;
  state.exchange?.cancel();
  state.ledger.endAttempt({ outcome: 'cancelled', status: state.exchange?.status() });
  stop(state);
}

function stop(state: State): void {
  state.phase = 'over';
  state.alarm.clear();
  state.chooser.drop();
}

/** For a provider that has closed its reply to end the connection, so that it can be used again. */
const CLOSE_WAIT_MS = 1_000;
