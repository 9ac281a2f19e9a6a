import type { DropReason } from './tracer.ts';

type Dropped = { [reason in DropReason]?: number };

export type DropCounts = {
  add(reason: DropReason, count: number): void;
  /** Since the start. */
  total(): Dropped;
  /** What the server was not told yet. Undefined when it knows of all. */
  untold(): Dropped | undefined;
  /** The server was told these. */
  told(dropped: Dropped): void;
};

/** Counts what is lost, by reason, so that no loss goes unseen here or at the server. */
export function createDropCounts(): DropCounts {
  const total = new Map<DropReason, number>();
  const told = new Map<DropReason, number>();
  const untold = (): Dropped => {
    const result: Dropped = {};
    for (const [reason, count] of total) {
      const left = count - (told.get(reason) ?? 0);
      if (left > 0) result[reason] = left;
    }
    return result;
  };
  return {
    add(reason, count) {
      if (count > 0) total.set(reason, (total.get(reason) ?? 0) + count);
    },
    total: () => Object.fromEntries(total),
    untold() {
      const dropped = untold();
      return Object.keys(dropped).length > 0 ? dropped : undefined;
    },
    told(dropped) {
      for (const [reason, count] of Object.entries(dropped) as [DropReason, number][])
        told.set(reason, (told.get(reason) ?? 0) + count);
    },
  };
}
