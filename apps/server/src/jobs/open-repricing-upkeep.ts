import type { Schedule } from '@app/gateway';

/** Work on one range of a project at a time: prices, or readings, of what was stored before. */
export type RepricingUpkeepDeps<Range> = {
  repricings: {
    run(begun: Range): Promise<Range>;
    resume(silentMs: number): Promise<Range | undefined>;
  };
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

export type RepricingUpkeep<Range> = {
  /** Runs one that has just begun, after those before it. */
  add(begun: Range): void;
  /** Takes no more, and resolves once the one at work has stopped. */
  close(): Promise<void>;
};

const EVERY_MS = 30_000;
/** A server saves with every batch, which takes seconds at most. */
const SILENT_MS = 120_000;

/** Prices calls again one range at a time, those first that a server left behind. */
export function openRepricingUpkeep<Range>({
  repricings,
  schedule,
  onWarning,
}: RepricingUpkeepDeps<Range>): RepricingUpkeep<Range> {
  const waiting: Range[] = [];
  let working: Promise<void> | undefined;
  let cancel = (): void => undefined;
  let isClosed = false;

  const work = async (): Promise<void> => {
    try {
      for (let next = waiting.shift(); next !== undefined && !isClosed; next = waiting.shift()) {
        await repricings.run(next);
      }
      while (!isClosed && (await repricings.resume(SILENT_MS)) !== undefined) {
        // The next one, if there is one.
      }
    } catch (error) {
      onWarning('Calls could not be priced again; it is tried again.', error);
    }
  };
  const wake = (): void => {
    cancel();
    if (isClosed || working !== undefined) return;
    working = work().finally(() => {
      working = undefined;
      if (!isClosed) cancel = schedule(waiting.length > 0 ? 0 : EVERY_MS, wake);
    });
  };
  cancel = schedule(EVERY_MS, wake);
  return {
    add(begun) {
      waiting.push(begun);
      wake();
    },
    async close() {
      isClosed = true;
      cancel();
      await working;
    },
  };
}
