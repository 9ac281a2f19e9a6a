import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataFilter, RetentionPolicy } from '@app/contract';
import type { Schedule } from '@app/gateway';
import type { ExportedCall, Store, StoredDeletion } from '@app/store';
import { type CallSpan, createRecorder, type Loader, openLoader, openSpool, type Spool } from '@app/tracing';
import { newId } from '../src/ids.ts';
import { type DataUpkeep, openDataUpkeep } from '../src/jobs/open-data-upkeep.ts';
import { createDeletions, type Deletions } from '../src/retention/create-deletions.ts';
import { createErasedFilter, type ErasedFilter } from '../src/retention/create-erased-filter.ts';
import { openDataRounds } from '../src/retention/open-data-rounds.ts';
import { createReceiptKey } from '../src/retention/receipt-key.ts';
import { type RunDeletionDeps, runDeletion } from '../src/retention/run-deletion.ts';
import { runRetention } from '../src/retention/run-retention.ts';
import { sweepContents } from '../src/retention/sweep-contents.ts';
import { sweepQuarantine } from '../src/retention/sweep-quarantine.ts';
import { silentLog, type TestStore } from './open-test-store.ts';
import type { TestTraces } from './open-test-traces.ts';

/** One server's part in keeping data, without anything that runs by itself: a spool, a loader, and what deletes. */
export type DataServer = {
  spool: Spool;
  loader: Loader;
  erased: ErasedFilter;
  deletions: Deletions;
  upkeep: DataUpkeep;
  warnings: unknown[];
  record(call: CallSpan): void;
  /** Loads what was recorded. */
  load(): Promise<void>;
  close(): Promise<void>;
};

export type DataServerOptions = {
  test: TestStore;
  traces: TestTraces['traces'];
  nowMs?: () => number;
  defaults?: Partial<RetentionPolicy>;
  /** Replaces steps of a deletion, so that one can end in the middle. */
  change?: Partial<RunDeletionDeps>;
  /** Without a loader what is recorded stays in the spool. */
  loads?: boolean;
  dir?: string;
  /** 32 bytes each. */
  keys?: { spool: Buffer; contents: Buffer };
};

export const receiptKey = createReceiptKey(Buffer.alloc(32, 7));
const labKeys = { spool: Buffer.alloc(32, 1), contents: Buffer.alloc(32, 2) };
const schedule: Schedule = (delayMs, run) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};
/** Nothing begins by itself. */
const never: Schedule = () => () => undefined;
const nothingKept: RetentionPolicy = {
  contents_days: null,
  traces_days: null,
  responses_days: 30,
  conversations_days: null,
  contents_bytes_max: null,
};

export async function openDataServer(options: DataServerOptions): Promise<DataServer> {
  const { test, nowMs = Date.now, keys = labKeys } = options;
  const { store } = test;
  // That replaced parts leave the disk is proved where the store is.
  const traces: Store['traces'] = { ...options.traces, countReplacedParts: async () => 0 };
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'data-spool-')));
  const clock = { nowMs, monotonicMs: () => performance.now() };
  const spool = openSpool({ dir, key: keys.spool, clock, schedule: never, log: silentLog });
  const erased = createErasedFilter({
    list: store.deletions.listErasures,
    askContentSweeps: store.retention.askContentSweeps,
  });
  const away = async () => {
    throw new Error('This server loads nothing.');
  };
  const loader = openLoader({
    ...{ spool, clock, log: silentLog, key: keys.spool, contentKey: keys.contents, nameKey: keys.contents },
    schedule: options.loads === false ? never : schedule,
    load: options.loads === false ? away : erased.loadingInto(traces.loadSegment),
  });
  const recorder = createRecorder({ spool, log: silentLog });
  const serverId = newId('srv_', { nowMs, randomBytes });
  const rounds = openDataRounds({
    deletions: store.deletions,
    serverId,
    seenWithinMs: 60_000,
    settle: async () => {
      await erased.refresh();
      loader.forgetContents();
      if (!(await loader.drain(20_000))) return false;
      await sweepQuarantine({ dir, key: keys.spool, erased });
      return true;
    },
    schedule,
    onWarning: () => undefined,
  });
  const warnings: unknown[] = [];
  const { deletions, owned, retention } = store;
  const isStopping = () => upkeep.isStopping();
  const pause = async () => undefined;
  const upkeep = openDataUpkeep({
    ...{ deletions, retention, serverId, nowMs, schedule: never, silentMs: 0 },
    withDataLock: store.withDataLock,
    runDeletion: (deletion: StoredDeletion) =>
      runDeletion(
        {
          deletions,
          owned,
          traces,
          rounds,
          receiptKey,
          serverId,
          nowMs,
          pause,
          isStopping,
          ...options.change,
        },
        deletion,
      ),
    runRetention: () =>
      runRetention({
        retention,
        traces,
        defaults: { ...nothingKept, ...options.defaults },
        nowMs,
        isStopping,
      }),
    sweepContents: (projectIds) => sweepContents({ traces, rounds }, projectIds),
    onEnd: async () => undefined,
    onWarning: (_, error) => warnings.push(error),
  });
  return {
    ...{ spool, loader, erased, upkeep, warnings },
    deletions: createDeletions({
      ...{ deletions, traces, owned, wake: () => undefined },
      ids: { nowMs, randomBytes },
    }),
    record: recorder.recordCall,
    load: async () => {
      if (!(await loader.drain(20_000))) throw new Error('Not everything was loaded.');
    },
    close: async () => {
      await upkeep.close();
      rounds.close();
      await loader.close();
      await spool.close();
      if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
    },
  };
}

/** An organization with one project. */
export async function newProject({ store }: TestStore): Promise<{ id: string; organizationId: string }> {
  const { tenants } = store;
  const ids = { nowMs: Date.now, randomBytes };
  const organizationId = newId('org_', ids);
  const id = newId('proj_', ids);
  const named = { name: id, slug: id.toLowerCase().replace('_', '-'), createdAtMs: Date.now() };
  await tenants.insertOrganization({ id: organizationId, ...named });
  await tenants.insertProject(organizationId, { id, ...named, capture: 'full' as const });
  return { id, organizationId };
}

/** Everything that an export would hand out, by request. */
export async function readAll(
  traces: Pick<Store['traces'], 'listCallsToExport'>,
  projectId: string,
  filter: DataFilter = {},
): Promise<Map<string, ExportedCall>> {
  const found = new Map<string, ExportedCall>();
  for (let after: string | undefined; ; ) {
    const asked = { filter, beforeMs: Date.UTC(2100, 0), isTestOnly: false, after, limit: 100 };
    const page = await traces.listCallsToExport(projectId, asked);
    for (const call of page.calls) found.set(call.requestId, call);
    if (page.next === undefined) return found;
    after = page.next;
  }
}
