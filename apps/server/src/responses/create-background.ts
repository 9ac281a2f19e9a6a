import type { Asked, Caller, Journey, Outcome, Schedule } from '@app/gateway';
import { GatewayError, type JsonObject } from '@app/protocol';
import { type BodyLease, type BodyRoom, createBodyRoom } from '../http/body-room.ts';
import { repeat } from '../snapshot/repeat.ts';
import type { TurnStore, TurnTables } from './create-turn-store.ts';
import { openRun, type Refusal, type Run } from './open-run.ts';
import type { OwnFields } from './own-fields.ts';
import type { Owner, StoredTurn } from './stored-turn.ts';
import { appendOf } from './turn-items.ts';
import { watchReply } from './watch-reply.ts';

export type BackgroundDeps = {
  /** A journey that waits longer than callers do. */
  journey: Pick<Journey, 'start'>;
  turns: Pick<TurnStore, 'put' | 'end' | 'isWaiting'>;
  tables: Pick<TurnTables, 'listRunningResponses'>;
  serverId: string;
  schedule: Schedule;
  limits: BackgroundLimits;
  onWarning: (message: string, error?: unknown) => void;
};

export type BackgroundLimits = {
  /** Under way at once, of one key and of all. */
  runsOfKeyMax: number;
  runsMax: number;
  /** What the bodies and the events of all of them may hold in memory. */
  bytesMax: number;
};

export const backgroundDefaults: BackgroundLimits = {
  runsOfKeyMax: 64,
  runsMax: 512,
  bytesMax: 256 * 1024 * 1024,
};

type BackgroundCall = {
  owner: Owner;
  asked: Asked;
  own: OwnFields;
  draft: JsonObject;
  bytes: number;
  isStream: boolean;
  /** Whether the key that asked is still good. */
  isAdmitted: () => boolean;
  /** What is kept of the call beside its reply. */
  turn: Omit<StoredTurn, 'response' | 'status' | 'events'>;
};

type Started = Outcome<{ run: Run }> | { ok: false; refusal: Refusal };

export type Background = {
  /** Starts a call that goes on without its caller. */
  start(call: BackgroundCall): Started;
  /** A call that runs here. */
  find(owner: Owner, id: string): { run: Run; turn: StoredTurn } | undefined;
  /** Stops a call and keeps it as cancelled. False when it does not run here. */
  cancel(owner: Owner, id: string): boolean;
  /** Stops a call, of which nothing is to be kept. */
  forget(owner: Owner, id: string): void;
  /** Starts none any more, and gives those under way so long to end. */
  drain(drainMs: number): Promise<void>;
  close(): void;
};

type Entry = {
  call: BackgroundCall;
  run: Run;
  lease: BodyLease;
  cancel: () => void;
  isForgotten: boolean;
};

type State = BackgroundDeps & {
  readonly runs: Map<string, Entry>;
  readonly room: BodyRoom;
  emptied: () => void;
};

const WATCH_MS = 2_000;

/** Calls that run without their callers. */
export function createBackground(deps: BackgroundDeps): Background {
  const runs = new Map<string, Entry>();
  const state: State = { ...deps, runs, room: createBodyRoom(deps.limits.bytesMax), emptied: () => {} };
  let isDraining = false;
  const stopWatching = repeat(deps.schedule, WATCH_MS, () => {
    stopRevoked(state);
    return stopEndedElsewhere(state);
  });
  const stop = (owner: Owner, id: string, isForgotten: boolean): boolean => {
    const entry = runs.get(keyOf(owner, id));
    if (entry === undefined) return false;
    entry.isForgotten = isForgotten;
    entry.cancel();
    entry.run.stop('cancelled');
    return true;
  };
  return {
    start: (call) => {
      const refused = isDraining ? overloaded() : findRefusal(state, call.owner);
      return refused === undefined ? start(state, call) : { ok: false, error: refused };
    },
    find: (owner, id) => {
      const entry = runs.get(keyOf(owner, id));
      return entry && { run: entry.run, turn: turnOf(entry) };
    },
    cancel: (owner, id) => stop(owner, id, false),
    forget: (owner, id) => void stop(owner, id, true),
    drain: async (drainMs) => {
      isDraining = true;
      if (runs.size > 0) {
        const { promise, resolve } = Promise.withResolvers<void>();
        state.emptied = resolve;
        const cancelTimer = deps.schedule(drainMs, resolve);
        await promise;
        cancelTimer();
      }
      for (const { cancel, run } of [...runs.values()]) {
        cancel();
        run.stop('failed', 'The call was interrupted: the server stopped.');
      }
    },
    close: stopWatching,
  };
}

function findRefusal({ runs, limits }: State, owner: Owner): GatewayError | undefined {
  if (runs.size >= limits.runsMax) return overloaded();
  let ofKey = 0;
  for (const { call } of runs.values()) if (call.owner.keyId === owner.keyId) ofKey += 1;
  if (ofKey < limits.runsOfKeyMax) return undefined;
  const message = `This key has ${ofKey} background responses under way, which is as many as it may have.`;
  return new GatewayError('concurrency_limit_exceeded', message, { retryAfterS: 5 });
}

function overloaded(): GatewayError {
  const message = 'The server works on as many background responses as it can. Try again soon.';
  return new GatewayError('overloaded', message, { retryAfterS: 5 });
}

function start(state: State, call: BackgroundCall): Started {
  const { owner, turn } = call;
  const lease = state.room.open(owner.keyId);
  if (!lease.take(call.bytes)) return { ok: false, error: overloaded() };
  const key = keyOf(owner, turn.id);
  const run = openRun({
    draft: { ...call.draft, ...call.own({}) },
    schedule: state.schedule,
    take: lease.take,
    onEnd: () => onEnd(state, key),
  });
  const watched = watchReply({ asked: call.asked, caller: run.caller, own: call.own });
  const running = state.journey.start(watched.asked, watched.caller);
  const refusal = run.refusal();
  if (refusal !== undefined) {
    lease.close();
    return { ok: false, refusal };
  }
  const cancel = () => running.cancel();
  const entry: Entry = { call, run, lease, cancel, isForgotten: false };
  run.begin();
  if (!state.turns.put(owner, turnOf(entry))) {
    cancel();
    lease.close();
    return { ok: false, error: overloaded() };
  }
  state.runs.set(key, entry);
  // It may have ended before it was noted down.
  if (run.status() !== 'in_progress') onEnd(state, key);
  return { ok: true, value: { run } };
}

function onEnd(state: State, key: string): void {
  const entry = state.runs.get(key);
  if (entry === undefined) return;
  state.runs.delete(key);
  entry.lease.close();
  // It may have ended before its journey, which must not be stopped in the middle of what it does.
  queueMicrotask(entry.cancel);
  if (!entry.isForgotten) keep(state, entry);
  if (state.runs.size === 0) state.emptied();
}

function keep({ turns }: State, entry: Entry): void {
  const { call, run } = entry;
  const turn = turnOf(entry);
  const events = call.isStream ? run.log.texts() : undefined;
  const whole = events !== undefined && sizeOf(events) <= EVENTS_BYTES_MAX ? { ...turn, events } : turn;
  turns.end(call.owner, whole, appendOf(turn));
}

/** Beyond it a stream is made anew from its reply when somebody comes back for it. */
const EVENTS_BYTES_MAX = 4 * 1024 * 1024;

function sizeOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

function turnOf({ call, run }: Entry): StoredTurn {
  return { ...call.turn, status: run.status(), response: run.response() };
}

/** A key that was revoked or has expired pays for nothing more. */
function stopRevoked({ runs }: State): void {
  for (const { call, cancel, run } of [...runs.values()]) {
    if (call.isAdmitted()) continue;
    cancel();
    run.stop('cancelled');
  }
}

/** What was cancelled or deleted on another server is stopped here. */
async function stopEndedElsewhere(state: State): Promise<void> {
  // Only of those that the database has does it say that they run.
  const written = [...state.runs].filter(([, { call }]) => !state.turns.isWaiting(call.owner, call.turn.id));
  if (written.length === 0) return;
  try {
    const rows = await state.tables.listRunningResponses({ serverId: state.serverId });
    const running = new Set(rows.map(({ projectId, mode, id }) => keyOf({ projectId, mode }, id)));
    for (const [key, { cancel, run }] of written) {
      if (running.has(key)) continue;
      cancel();
      run.stop('cancelled');
    }
  } catch (error) {
    state.onWarning('Which background responses were cancelled elsewhere cannot be read now.', error);
  }
}

function keyOf({ projectId, mode }: Pick<Owner, 'projectId' | 'mode'>, id: string): string {
  return `${projectId} ${mode} ${id}`;
}

/** Sends the events of a run to a caller as a stream, from the one after `after` on. */
export function followRun(run: Run, caller: Caller, { after, headers }: Following): () => void {
  caller.head(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  return run.log.follow(caller, after);
}

export type Following = { after: number; headers: { [name: string]: string } };
