import type { Schedule } from '@app/gateway';
import type { Log } from '@app/store';
import { createGroupCommit } from '@app/tracing';
import type { DraftedEvent } from './draft-event.ts';
import type { Outbox } from './open-outbox.ts';
import type { OutboxRecord } from './outbox-record.ts';

export type ShippingDeps = {
  outbox: Pick<Outbox, 'write' | 'sync' | 'ship' | 'forget'>;
  append: (events: readonly DraftedEvent[]) => Promise<void>;
  nowMs: () => number;
  schedule: Schedule;
  log: Log;
};

export type ShippingState = {
  /** Since when a chain could not be added to. */
  behindSinceMs: number | undefined;
  /** Events that the disk refused, which wait in memory. */
  inMemory: number;
  /** Events that neither took. */
  lost: number;
};

export type Shipping = {
  /** False when the disk did not take it. */
  write(record: OutboxRecord): boolean;
  /** Keeps what happened: on the disk, or in memory while the disk refuses. */
  keep(event: DraftedEvent): void;
  /** False when what was written may not survive a loss of power. Never rejects. */
  sync(): Promise<boolean>;
  /** Resolves when what was kept before the call was tried to be brought into its chain. Never rejects. */
  shipSoon(): Promise<void>;
  forget(id: string): void;
  /** A chain could not be added to for longer than may be. */
  isTooLate(): boolean;
  state(): ShippingState;
  /** Tries once more; true when nothing waits any more. */
  close(): Promise<boolean>;
};

const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 15_000;
const IN_MEMORY_MAX = 10_000;
/** A database that starts again answers sooner. */
const BEHIND_MS_MAX = 30_000;

/** Brings what is written down into the chains, many at once, and tries again for as long as it takes. */
export function openShipping(deps: ShippingDeps): Shipping {
  const { outbox, nowMs, schedule, log } = deps;
  let inMemory: DraftedEvent[] = [];
  let lost = 0;
  let behindSinceMs: number | undefined;
  let retryMs = RETRY_MS_MIN;
  let cancelRetry: (() => void) | undefined;
  let isClosed = false;

  async function shipAll(): Promise<void> {
    await outbox.ship();
    const waiting = inMemory;
    await deps.append(waiting);
    for (const { id } of waiting) outbox.forget(id);
    inMemory = inMemory.slice(waiting.length);
  }

  const ship = createGroupCommit(async () => {
    cancelRetry?.();
    cancelRetry = undefined;
    try {
      await shipAll();
      if (behindSinceMs !== undefined) log.info({}, 'What was done is in its audit chain again.');
      behindSinceMs = undefined;
      retryMs = RETRY_MS_MIN;
    } catch (err) {
      if (behindSinceMs === undefined)
        log.error({ err }, 'What is done waits to be added to its audit chain.');
      behindSinceMs ??= nowMs();
      if (isClosed) return;
      cancelRetry = schedule(retryMs, () => void ship());
      retryMs = Math.min(2 * retryMs, RETRY_MS_MAX);
    }
  });

  function keep(event: DraftedEvent): void {
    if (outbox.write({ kind: 'event', event })) return;
    if (inMemory.length < IN_MEMORY_MAX) inMemory.push(event);
    else {
      lost += 1;
      log.error({ action: event.action, lost }, 'What was done could not be written down anywhere.');
    }
  }

  const sync = () =>
    outbox.sync().then(
      () => true,
      (err: unknown) => {
        log.error({ err }, 'What is done could not be brought to the disk.');
        return false;
      },
    );

  return {
    write: outbox.write,
    keep,
    sync,
    // While a chain is away, the next retry is soon enough.
    shipSoon: () => (cancelRetry === undefined ? ship() : Promise.resolve()),
    forget: outbox.forget,
    isTooLate: () => behindSinceMs !== undefined && nowMs() - behindSinceMs > BEHIND_MS_MAX,
    state: () => ({ behindSinceMs, inMemory: inMemory.length, lost }),
    close: async () => {
      isClosed = true;
      cancelRetry?.();
      await ship();
      return behindSinceMs === undefined;
    },
  };
}
