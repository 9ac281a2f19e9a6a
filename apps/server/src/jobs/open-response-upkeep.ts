import type { Schedule } from '@app/gateway';
import type { RelationalStore } from '@app/store';
import { repeatAfter } from '../snapshot/repeat.ts';

export type ResponseUpkeepDeps = {
  tables: {
    responses: Pick<RelationalStore['responses'], 'deleteExpiredResponses' | 'failInterruptedResponses'>;
    conversations: Pick<RelationalStore['conversations'], 'deleteUnusedConversations'>;
  };
  serverId: string;
  /** A server that was not seen for this long is gone. */
  serverSeenWithinMs: number;
  /** How long a conversation is kept that nobody uses; undefined for ever. */
  conversationsMs: number | undefined;
  nowMs: () => number;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

export type ResponseUpkeep = {
  /** Does everything that is due now. */
  run(): Promise<void>;
  close(): void;
};

const FIRST_MS = 1_000;
const EVERY_MS = 60_000;
const BATCH = 500;
/** In one run; what is left is for the next one, so that no run holds the database for long. */
const BATCHES_MAX = 200;

/** Deletes what is stored for longer than it may be, and ends what servers that are gone were at work on. */
export function openResponseUpkeep(deps: ResponseUpkeepDeps): ResponseUpkeep {
  const { tables, conversationsMs, nowMs } = deps;
  const run = async () => {
    await tables.responses.failInterruptedResponses({
      serverId: deps.serverId,
      seenWithinMs: deps.serverSeenWithinMs,
    });
    await inBatches(() => tables.responses.deleteExpiredResponses({ nowMs: nowMs(), limit: BATCH }));
    if (conversationsMs === undefined) return;
    const unusedSinceMs = nowMs() - conversationsMs;
    await inBatches(() => tables.conversations.deleteUnusedConversations({ unusedSinceMs, limit: BATCH }));
  };
  const runQuietly = () =>
    run().catch((error: unknown) => deps.onWarning('Stored responses could not be looked through.', error));
  return { run, close: repeatAfter(deps.schedule, { firstMs: FIRST_MS, everyMs: EVERY_MS }, runQuietly) };
}

async function inBatches(deleteBatch: () => Promise<number>): Promise<void> {
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) if ((await deleteBatch()) < BATCH) return;
}
