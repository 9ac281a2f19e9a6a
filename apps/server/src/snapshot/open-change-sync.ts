import type { Schedule } from '@app/gateway';
import type { ChangeListener } from '@app/store';
import { repeat } from './repeat.ts';
import { singleFlight } from './single-flight.ts';

/** Where rows that servers keep in memory come from, and where it is said how far this one has come. */
type ChangeSource<Change> = {
  /** Every row, page by page in the order of changes. */
  readAll(): AsyncIterable<readonly Change[]>;
  listChanges(input: { since: number; limit: number }): Promise<readonly Change[]>;
  findSequence(): Promise<number>;
  listen(listener: ChangeListener): () => void;
  acknowledge(input: { serverId: string; sequence: number }): Promise<unknown>;
};

export type ChangeSyncDeps<Change, Index> = {
  source: ChangeSource<Change>;
  /** Makes what the rows are kept in; again when everything is loaded anew. */
  createIndex: () => Index;
  /** Names this process among the live servers. */
  serverId: string;
  schedule: Schedule;
  /** Changes cannot be read; told once until they can be again. */
  onAway: (error: unknown) => void;
};

export type ChangeSync<Index> = {
  index(): Index;
  /** The number of the newest change that is applied here. */
  sequence(): number;
  /** Stops following. */
  close(): Promise<void>;
};

/** The net below notifications, and the sign that this server lives: three times within the ten seconds that count. */
const POLL_MS = 3_000;
const PAGE = 1_000;

/**
 * Loads all rows, then follows their changes: each is applied, then acknowledged, so that who made it can wait for
 * us. Rejects when the first load fails; after that a database that is away only delays changes.
 */
export async function openChangeSync<
  Change extends { sequence: number },
  Index extends { apply(change: Change): void },
>(deps: ChangeSyncDeps<Change, Index>): Promise<ChangeSync<Index>> {
  const { source, serverId, schedule, onAway } = deps;
  const load = () => loadAll(source, deps.createIndex());
  let held = await load();
  let isClosed = false;
  let isDown = false;

  const catchUp = async (afterGap: boolean) => {
    // A database that was put back to an earlier state counts from there: what we hold may never have happened.
    if (afterGap && (await source.findSequence()) < held.sequence) held = await load();
    for (;;) {
      const page = await source.listChanges({ since: held.sequence, limit: PAGE });
      apply(held, page);
      if (page.length < PAGE) break;
    }
    await source.acknowledge({ serverId, sequence: held.sequence });
  };
  const follow = singleFlight(async (afterGap) => {
    if (isClosed) return;
    try {
      await catchUp(afterGap);
      isDown = false;
    } catch (error) {
      if (!isDown) onAway(error);
      isDown = true;
    }
  });

  await catchUp(false);
  const unsubscribe = source.listen({
    onSequence: (changed) => {
      if (changed > held.sequence) void follow(false);
    },
    onGap: () => void follow(true),
  });
  const stopPolling = repeat(schedule, POLL_MS, () => follow(false));
  return {
    index: () => held.index,
    sequence: () => held.sequence,
    close: async () => {
      isClosed = true;
      stopPolling();
      unsubscribe();
      await follow(false);
    },
  };
}

type Held<Index> = { index: Index; sequence: number };

async function loadAll<Change extends { sequence: number }, Index extends { apply(change: Change): void }>(
  source: ChangeSource<Change>,
  index: Index,
): Promise<Held<Index>> {
  const held = { index, sequence: 0 };
  for await (const page of source.readAll()) apply(held, page);
  return held;
}

function apply<Change extends { sequence: number }>(
  held: Held<{ apply(change: Change): void }>,
  changes: readonly Change[],
): void {
  for (const change of changes) {
    held.index.apply(change);
    held.sequence = Math.max(held.sequence, change.sequence);
  }
}
