import { join } from 'node:path';
import type { IngestStatus } from '@app/contract';
import type { Clock, RecordCall, RecordSoon, Schedule } from '@app/gateway';
import type { Store } from '@app/store';
import { type BatchHead, createRecorder, openLoader, openSpool, type Spool } from '@app/tracing';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { priceTable } from '../prices/price-table.ts';
import type { ErasedFilter } from '../retention/create-erased-filter.ts';
import type { ClosingStack } from './closing-stack.ts';
import { nameKeyOf } from './name-key-of.ts';
import type { OpenSecrets } from './open-secrets.ts';
import { readModels } from './read-models.ts';

export type TracingDeps = {
  config: Config;
  secrets: OpenSecrets;
  store: Pick<Store, 'traces'>;
  /** Keeps out what was deleted before it was loaded. */
  erased: Pick<ErasedFilter, 'loadingInto'>;
  /** Runs before calls are recorded, and so before their replies end. */
  beforeRecord: () => void;
  clock: Clock;
  schedule: Schedule;
  log: Logger;
};

/** How long a server that stops goes on loading what is in its spool; the rest waits there for the next start. */
const DRAIN_MS = 5_000;

/**
 * Loads everything that was recorded so far, and forgets which contents are stored. False when that takes longer.
 */
export type Settle = (timeoutMs: number) => Promise<boolean>;

export type OpenTracing = {
  recordCall: RecordCall;
  recordSoon: RecordSoon;
  /** Keeps a batch whole in the spool; false when there is no room for it. */
  appendBatch: (head: BatchHead, bytes: Buffer) => boolean;
  /** Resolves when all that was appended survives a loss of power. */
  flushBatches: () => Promise<void>;
  status: () => IngestStatus;
  settle: Settle;
};

/** From a finished call to a stored span: the recorder writes to the spool, the loader empties it. */
export function openTracing(
  { config, secrets, store, erased, beforeRecord, clock, schedule, log }: TracingDeps,
  stack: ClosingStack,
): OpenTracing {
  const { spool: key, contents: contentKey } = secrets.dataKeys;
  const spool = openSpool({
    dir: join(config.environment.TOKENROUTER_DATA_DIR, 'spool'),
    key,
    clock,
    schedule,
    log,
    limits: { bytesMax: config.file.defaults.spool_bytes },
  });
  stack.add(() => spool.close());
  const recorder = createRecorder({
    spool: recordingInto(spool, beforeRecord),
    log,
    atTurnEnd: (run) => void setImmediate(run),
  });
  const load = erased.loadingInto(store.traces.loadSegment);
  const prices = priceTable(readModels(config));
  const nameKey = nameKeyOf(secrets);
  const loader = openLoader({ spool, load, key, contentKey, nameKey, prices, clock, schedule, log });
  stack.add(async () => {
    await loader.drain(DRAIN_MS);
    await loader.close();
  });
  stack.add(recorder.flush);
  return {
    recordCall: recorder.recordCall,
    recordSoon: recorder.recordSoon,
    appendBatch: (head, bytes) => spool.appendWhole(JSON.stringify(head), [bytes]),
    flushBatches: spool.flush,
    settle: (timeoutMs) => {
      recorder.flush();
      loader.forgetContents();
      return loader.drain(timeoutMs);
    },
    status: () => {
      const written = spool.stats();
      const loaded = loader.stats();
      return {
        waiting_bytes: written.bytes,
        waiting_segments: loaded.pendingSegments,
        lag_seconds: Math.round(loaded.lagMs) / 1_000,
        dropped_records: written.droppedRecords + recorder.failedCalls(),
        dropped_contents: written.droppedContents,
        failed_loads: loaded.failures,
        set_aside_segments: loaded.setAsideSegments,
        refused_rows: loaded.refusedRows,
      };
    },
  };
}

/** A call's reply ends when its record is kept, so what has to be kept too is kept before. */
function recordingInto(spool: Spool, beforeRecord: () => void): Pick<Spool, 'append' | 'appendTogether'> {
  return {
    append(record, contents) {
      beforeRecord();
      return spool.append(record, contents);
    },
    appendTogether(records) {
      beforeRecord();
      spool.appendTogether(records);
    },
  };
}
