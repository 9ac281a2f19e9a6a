import type { Schedule } from '@app/gateway';
import { StoreError } from '@app/store';

/** Something to be written. `bytes` is about what it holds in memory until then. */
export type PendingWrite = { bytes: number; isDropped: boolean; isWriting: boolean };

export type PendingWrites<Write extends PendingWrite> = {
  /** False when there is no room: the write is counted as lost. */
  add(write: Write): boolean;
  /** Forgets a write; one that is on its way is waited for, and may have been written. */
  drop(write: Write): Promise<void>;
  /** Resolves when nothing waits, or with the first failure. */
  flush(): Promise<void>;
  stats(): { waiting: number; bytes: number; lost: number };
  /** Tries once more and stops. */
  close(): Promise<void>;
};

export type PendingWritesDeps<Write> = {
  /** Writes all of them or none, in order. */
  write: (writes: readonly Write[]) => Promise<void>;
  /** It is written, or was given up: nobody needs to find it here any more. */
  onGone: (write: Write) => void;
  schedule: Schedule;
  bytesMax: number;
  onWarning: (message: string, error?: unknown) => void;
};

const BATCH = 100;
const BATCH_BYTES_MAX = 16 * 1024 * 1024;
/** Long enough to write many at a time, short enough that a crash takes little with it. */
const GATHER_MS = 5;
const RETRY_MS = 1_000;

type State<Write extends PendingWrite> = PendingWritesDeps<Write> & {
  queue: Write[];
  bytes: number;
  lost: number;
  running: Promise<void> | undefined;
  cancelTimer: (() => void) | undefined;
  isDown: boolean;
  isFull: boolean;
  isClosed: boolean;
};

/**
 * Writes behind the replies: what is added is written soon, many at a time and in order, and again until the database
 * takes it. While it is away, what waits is bounded; what does not fit is lost, counted and logged once.
 */
export function openPendingWrites<Write extends PendingWrite>(
  deps: PendingWritesDeps<Write>,
): PendingWrites<Write> {
  const state: State<Write> = {
    ...deps,
    queue: [],
    bytes: 0,
    lost: 0,
    running: undefined,
    cancelTimer: undefined,
    isDown: false,
    isFull: false,
    isClosed: false,
  };
  return {
    add: (write) => add(state, write),
    drop: async (write) => {
      write.isDropped = true;
      if (write.isWriting) await state.running?.catch(() => undefined);
      else if (state.queue.includes(write)) leave(state, [write]);
    },
    flush: () => (state.queue.length === 0 && state.running === undefined ? Promise.resolve() : flush(state)),
    stats: () => ({ waiting: state.queue.length, bytes: state.bytes, lost: state.lost }),
    close: async () => {
      state.isClosed = true;
      state.cancelTimer?.();
      await flush(state).catch((error: unknown) =>
        deps.onWarning(`${state.queue.length} replies could not be stored before the end.`, error),
      );
    },
  };
}

function add<Write extends PendingWrite>(state: State<Write>, write: Write): boolean {
  if (state.isClosed || state.bytes + write.bytes > state.bytesMax) {
    state.lost += 1;
    if (!state.isFull) state.onWarning('There is no room for more replies that wait to be stored.');
    state.isFull = true;
    return false;
  }
  state.bytes += write.bytes;
  state.queue.push(write);
  wake(state, GATHER_MS);
  return true;
}

function wake<Write extends PendingWrite>(state: State<Write>, delayMs: number): void {
  if (state.isClosed || state.cancelTimer !== undefined) return;
  state.cancelTimer = state.schedule(delayMs, () => {
    state.cancelTimer = undefined;
    flush(state).catch((error: unknown) => {
      if (!state.isDown) state.onWarning('Replies cannot be stored; trying again.', error);
      state.isDown = true;
      wake(state, RETRY_MS);
    });
  });
}

function flush<Write extends PendingWrite>(state: State<Write>): Promise<void> {
  state.running ??= writeAll(state).finally(() => {
    state.running = undefined;
  });
  return state.running;
}

async function writeAll<Write extends PendingWrite>(state: State<Write>): Promise<void> {
  while (state.queue.length > 0) await writeBatch(state, firstOf(state.queue));
  state.isDown = false;
}

async function writeBatch<Write extends PendingWrite>(
  state: State<Write>,
  batch: readonly Write[],
): Promise<void> {
  for (const write of batch) write.isWriting = true;
  try {
    const wanted = batch.filter((write) => !write.isDropped);
    if (wanted.length > 0) await state.write(wanted);
    leave(state, batch);
  } catch (error) {
    for (const write of batch) write.isWriting = false;
    if (isAway(error)) throw error;
    if (batch.length > 1) {
      for (const write of batch) await writeBatch(state, [write]);
      return;
    }
    // What the database will never take must not keep everything behind it waiting.
    state.lost += 1;
    leave(state, batch);
    state.onWarning('A reply could not be stored.', error);
  }
}

function leave<Write extends PendingWrite>(state: State<Write>, writes: readonly Write[]): void {
  const gone = new Set(writes);
  state.queue = state.queue.filter((write) => !gone.has(write));
  for (const write of writes) {
    state.bytes -= write.bytes;
    state.onGone(write);
  }
  state.isFull = false;
}

function isAway(error: unknown): boolean {
  return error instanceof StoreError && (error.code === 'store_unavailable' || error.code === 'store_limit');
}

function firstOf<Write extends PendingWrite>(queue: readonly Write[]): Write[] {
  const batch: Write[] = [];
  let bytes = 0;
  for (const write of queue) {
    bytes += write.bytes;
    if (batch.length === BATCH || (batch.length > 0 && bytes > BATCH_BYTES_MAX)) break;
    batch.push(write);
  }
  return batch;
}
