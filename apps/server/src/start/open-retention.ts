import { join } from 'node:path';
import type { Clock, Schedule } from '@app/gateway';
import { type Store, serverSeenWithinMs } from '@app/store';
import type { Logger } from 'pino';
import type { Audit } from '../audit/audit.ts';
import type { Config } from '../config.ts';
import type { IdSource } from '../ids.ts';
import { openDataUpkeep } from '../jobs/open-data-upkeep.ts';
import { openSumUpkeep } from '../jobs/open-sum-upkeep.ts';
import { auditEnd } from '../retention/audit-end.ts';
import { createDeletions } from '../retention/create-deletions.ts';
import type { ErasedFilter } from '../retention/create-erased-filter.ts';
import { createExports } from '../retention/create-exports.ts';
import { createRetention } from '../retention/create-retention.ts';
import { type ExportSourcesDeps, exportSources } from '../retention/export-sources.ts';
import { openDataRounds } from '../retention/open-data-rounds.ts';
import { createReadSealed } from '../retention/read-sealed.ts';
import { createReceiptKey, type ReceiptKey } from '../retention/receipt-key.ts';
import { readDefaultPolicy } from '../retention/retention-policy.ts';
import { runDeletion } from '../retention/run-deletion.ts';
import { runRetention } from '../retention/run-retention.ts';
import { sweepContents } from '../retention/sweep-contents.ts';
import { sweepQuarantine } from '../retention/sweep-quarantine.ts';
import type { DataOperationDeps } from '../routes/api/retention/data-operations.ts';
import type { ClosingStack } from './closing-stack.ts';
import type { Settle } from './open-tracing.ts';

/** What of a server holds data that is on its way to a store. */
export type DataParts = {
  erased: ErasedFilter;
  settleTraces: Settle;
  /** Writes the replies that wait in memory. */
  flushResponses: () => Promise<void>;
  spoolKey: Buffer;
  responseKey: Buffer;
  receiptSecret: Buffer;
};

export type RetentionDeps = DataParts &
  Omit<ExportSourcesDeps, 'retention' | 'store'> & {
    config: Config;
    store: Store;
    audit: Audit;
    serverId: string;
    clock: Clock;
    schedule: Schedule;
    ids: IdSource;
    log: Pick<Logger, 'warn'>;
  };

/** How long a server waits for what it recorded to be loaded before it says that it cannot be now. */
const SETTLE_MS = 60_000;

/** How long data is kept, how it is deleted on request, and how it is handed out. */
export function openRetention(
  deps: RetentionDeps,
  stack: ClosingStack,
): { data: DataOperationDeps; receiptKey: ReceiptKey } {
  const { config, store, schedule, ids, serverId } = deps;
  const { nowMs } = deps.clock;
  const { traces, deletions, owned } = store;
  const onWarning = (message: string, error?: unknown) => deps.log.warn({ err: error }, message);
  const defaults = readDefaultPolicy(config.file.retention);
  const receiptKey = createReceiptKey(deps.receiptSecret);
  const rounds = openDataRounds({
    ...{ deletions, serverId, schedule, onWarning },
    seenWithinMs: serverSeenWithinMs,
    settle: () => settle(deps),
  });
  const pause = (delayMs: number) => new Promise<void>((resolve) => void schedule(delayMs, resolve));
  const isStopping = () => upkeep.isStopping();
  const upkeep = openDataUpkeep({
    ...{ deletions, serverId, nowMs, schedule, onWarning },
    retention: store.retention,
    withDataLock: store.withDataLock,
    runDeletion: (deletion) =>
      runDeletion(
        { deletions, owned, traces, rounds, receiptKey, serverId, nowMs, pause, isStopping },
        deletion,
      ),
    runRetention: () => runRetention({ retention: store.retention, traces, defaults, nowMs, isStopping }),
    sweepContents: (projectIds) => sweepContents({ traces, rounds }, projectIds),
    onEnd: (ended) => auditEnd(deps.audit, ended),
  });
  const sums = openSumUpkeep({ traces, withDataLock: store.withDataLock, nowMs, schedule, onWarning });
  stack.add(() => rounds.close());
  stack.add(() => sums.close());
  stack.add(() => upkeep.close());
  // What is asked for on the command line or at another server is begun at once, too.
  stack.add(deletions.onDeletion(upkeep.wake));
  const retention = createRetention({ retention: store.retention, traces, defaults, nowMs });
  const data = {
    retention,
    deletions: createDeletions({ deletions, traces, owned, ids, wake: upkeep.wake }),
    exports: createExports({
      ...{ traces, owned, nowMs },
      readSealed: createReadSealed(deps.responseKey),
      sources: exportSources({ ...deps, retention }),
    }),
  };
  return { data, receiptKey };
}

/** Nothing that was deleted is loaded from here on, and nothing that was recorded before waits here any more. */
async function settle(deps: RetentionDeps): Promise<boolean> {
  const { erased, config, spoolKey } = deps;
  await erased.refresh();
  await deps.flushResponses();
  if (!(await deps.settleTraces(SETTLE_MS))) return false;
  const dir = join(config.environment.TOKENROUTER_DATA_DIR, 'spool');
  await sweepQuarantine({ dir, key: spoolKey, erased });
  return true;
}
