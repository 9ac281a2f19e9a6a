import {
  type Call,
  collect,
  type Frame,
  GatewayError,
  type Loss,
  type StreamWriter,
  writeFrame,
} from '@app/protocol';
import type { Asked, RouteMode, Settled } from '../asked.ts';
import type { Clock, Schedule, Target } from '../ports.ts';
import type { Step, Whole } from '../provider/exchange.ts';
import type { Ledger } from '../record/ledger.ts';
import { joined } from '../reply/outlet.ts';
import { type Headers, jsonHeaders, routedHeaders, usdOf } from '../reply/reply-headers.ts';
import { replyFacts, writeWhole } from '../reply/write-whole.ts';
import type { JourneySettings } from '../settings.ts';
import { type Alarm, openAlarm } from '../wait/alarm.ts';
import type { AttemptSink } from './attempt.ts';
import { type Answer, refuse } from './refuse.ts';

export type RelayInput = Answer & {
  call: Call;
  mode: RouteMode;
  ledger: Ledger;
  clock: Clock;
  schedule: Schedule;
  settings: JourneySettings;
  onDefect?: (error: unknown) => void;
};

type State = RelayInput & {
  readonly heartbeat: Alarm;
  /** Absent while the provider's own bytes are passed on. */
  writer: StreamWriter | undefined;
  isOpen: boolean;
};

export type Relay = AttemptSink & { drop(): void };

/** Passes what the attempts give on to the caller, in the caller's dialect, and settles before the last frame leaves. */
export function openRelay(input: RelayInput): Relay {
  const state: State = {
    ...input,
    heartbeat: openAlarm(input, () => beat(state)),
    writer: undefined,
    isOpen: false,
  };
  return {
    onOpen: (target) => safely(state, () => open(state, target)),
    onSteps: (steps) => safely(state, () => send(state, piecesOf(state, steps))),
    onDone: (last) => safely(state, () => done(state, last)),
    onWhole: (target, whole) => safely(state, () => replyWhole(state, target, whole)),
    onFail: (error, target) => safely(state, () => fail(state, error, target)),
    drop: () => state.heartbeat.clear(),
  };
}

/** A bug while writing must not leave the caller waiting: the connection closes, and the call is recorded. */
function safely(state: State, run: () => void): void {
  try {
    run();
  } catch (cause) {
    state.heartbeat.clear();
    const error = new GatewayError('internal_error', 'The reply could not be written.', { cause });
    if (state.settle({ status: error.status, error }) === undefined) state.onDefect?.(cause);
    state.outlet.finish('abort');
  }
}

function open(state: State, target: Target): void {
  const { asked, call, outlet } = state;
  state.isOpen = true;
  if (target.provider.dialect !== asked.dialect.id || asked.isRewritten === true) {
    const routed = { provider: target.provider.id, model: target.model, mode: asked.mode ?? state.mode };
    state.writer = asked.dialect.inbound.openWriter(call, { ...replyFacts(asked), routed });
  }
  outlet.head(200, {
    ...state.headers,
    ...routed(state, target, state.ledger.losses()),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies that buffer would hold the first words back.
    'x-accel-buffering': 'no',
  });
  state.heartbeat.setAt(state.clock.monotonicMs() + state.settings.heartbeatMs);
}

function routed({ asked, mode, ledger }: State, target: Target, lost: readonly Loss[]): Headers {
  const losses = asked.unsupported === 'drop' ? [] : lost;
  return routedHeaders({ target, mode: asked.mode ?? mode, attempts: ledger.attempts(), losses });
}

type Piece = string | Uint8Array;

/** Steps as the caller gets them: the provider's own bytes within one dialect, frames written anew across two. */
function piecesOf({ writer, asked, call }: State, steps: readonly Step[], settled?: Settled): Piece[] {
  const pieces: Piece[] = [];
  for (const { frame, events } of steps) {
    if (writer !== undefined) {
      for (const event of events)
        for (const written of writer.write(event)) pieces.push(piece(asked, written, settled));
    } else if (frame !== undefined) {
      // The usage that we asked the provider for and the caller did not.
      const isOurs = !call.streamUsage && asked.dialect.outbound.isUsageOnlyFrame(frame, events);
      if (!isOurs) pieces.push(piece(asked, frame));
    }
  }
  return pieces;
}

/** The provider's last frame, and the one that our caller's dialect ends with when the provider left it out. */
function closingPieces(asked: Asked, { frame }: Step, settled: Settled): Piece[] {
  const { closing } = asked.dialect.inbound;
  const own = frame === undefined ? [] : [piece(asked, frame, settled)];
  const isClosed = closing === undefined || (frame !== undefined && closing.is(frame));
  return isClosed ? own : [...own, piece(asked, closing.frame)];
}

function piece({ decoration }: Asked, came: Frame, settled?: Settled): Piece {
  const frame = decoration?.rewriteFrame?.(came, settled) ?? came;
  const fields = decoration?.frameFields;
  if (fields === undefined || !frame.data.startsWith('{')) return frame.bytes ?? writeFrame(frame);
  const { event } = frame;
  const data = JSON.stringify({ ...JSON.parse(frame.data), ...fields });
  return writeFrame(event === undefined ? { data } : { event, data });
}

function send(state: State, pieces: readonly Piece[]): void {
  const [first] = pieces;
  if (first === undefined) return;
  state.outlet.write(pieces.length === 1 ? first : joined(pieces));
  state.heartbeat.setAt(state.clock.monotonicMs() + state.settings.heartbeatMs);
}

function done(state: State, last: Step): void {
  const { asked, writer } = state;
  state.heartbeat.clear();
  const settled = succeed(state);
  if (settled === undefined) return;
  const body: Piece[] = [];
  if (writer === undefined) body.push(...closingPieces(asked, last, settled));
  else
    body.push(
      ...piecesOf(state, [last], settled),
      ...writer.end().map((frame) => piece(asked, frame, settled)),
    );
  const added = asked.decoration?.lastFrames?.(settled).map((frame) => piece(asked, frame)) ?? [];
  body.splice(-1, 0, ...added);
  send(state, body);
  state.heartbeat.clear();
  state.outlet.finish('end');
}

function replyWhole(state: State, target: Target, whole: Whole): void {
  const { asked, call, outlet } = state;
  const settled = succeed(state);
  if (settled === undefined) return;
  const headers = { ...state.headers, ...routed(state, target, settled.record.losses) };
  const isSame = target.provider.dialect === asked.dialect.id && asked.isRewritten !== true;
  const body = writeWhole({ asked, call, settled, whole, isSame, reply: () => collect(whole.events) });
  outlet.head(200, { ...headers, ...costHeader(settled), ...jsonHeaders(body) });
  outlet.write(body);
  outlet.finish('end');
}

function costHeader({ record }: Settled): Headers {
  return record.cost.label === 'unknown' ? {} : { 'x-tokenrouter-cost-usd': usdOf(record.cost.nanos) };
}

function succeed(state: State): Settled | undefined {
  const record = state.settle({ status: 200, error: undefined });
  if (record === undefined) return undefined;
  const { warnings } = state.asked;
  return {
    record,
    mode: state.mode,
    latencyMs: record.endedAtMs - record.startedAtMs,
    ...(warnings && { warnings }),
  };
}

/** Before the commit point an error is a status; after it, a frame and a connection that does not end in order. */
function fail(state: State, error: GatewayError, target: Target | undefined): void {
  state.heartbeat.clear();
  if (!state.isOpen) {
    const headers =
      target === undefined
        ? state.headers
        : { ...state.headers, ...routed(state, target, state.ledger.losses()) };
    refuse({ ...state, headers }, error);
    return;
  }
  if (state.settle({ status: 200, error }) === undefined) return;
  const { asked, call } = state;
  const writer = state.writer ?? asked.dialect.inbound.openWriter(call, replyFacts(asked));
  send(state, writer.write({ type: 'error', error }).map(writeFrame));
  state.heartbeat.clear();
  state.outlet.finish('abort');
}

/** Keeps proxies and clients from taking a model that thinks for a dead connection. */
function beat(state: State): void {
  if (!state.outlet.isBlocked()) state.outlet.write(': ping\n\n');
  state.heartbeat.setAt(state.clock.monotonicMs() + state.settings.heartbeatMs);
}
