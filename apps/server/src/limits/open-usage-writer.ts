import type { Schedule } from '@app/gateway';
import type { RelationalStore } from '@app/store';
import type { SealedSegment, Spool } from '@app/tracing';
import { singleFlight } from '../snapshot/single-flight.ts';
import type { OpenLimitJournal } from './open-limit-journal.ts';
import { readJournalSegment } from './read-journal-segment.ts';

export type UsageWriterDeps = {
  usage: Pick<RelationalStore['limitUsage'], 'applyLimitSegment' | 'forgetLimitSegments'>;
  spool: Pick<Spool, 'listSealed' | 'onSealed' | 'seal' | 'remove' | 'setAside'>;
  journal: Pick<OpenLimitJournal, 'beginApply' | 'flush' | 'sealed' | 'unwritten'>;
  /** Of the spool. */
  key: Buffer;
  serverId: string;
  schedule: Schedule;
  nowMs: () => number;
  onWarning: (message: string, error: unknown) => void;
};

export type UsageWriter = {
  /** Brings everything that was journaled before the call to PostgreSQL. False when PostgreSQL did not take it. */
  flush(): Promise<boolean>;
  stats(): { isBehind: boolean; setAsideSegments: number };
  close(): Promise<void>;
};

const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 15_000;
/** Until a deleted file stays deleted after a loss of power too, it is known to have been applied. */
const FORGET_AFTER_MS = 60_000;
const FORGET_TOGETHER = 30;
/** Segments on disks that were lost: nobody will apply them again. */
const APPLIED_MS_MAX = 366 * 86_400_000;

/** Writes what was used to PostgreSQL, segment by segment, each exactly once, and deletes what is there. */
export function openUsageWriter(deps: UsageWriterDeps): UsageWriter {
  const { spool, journal, schedule } = deps;
  const apply = createApply(deps);
  let retryMs = RETRY_MS_MIN;
  let isBehind = false;
  let isClosed = false;
  let cancelRetry = () => {};

  const once = singleFlight(async () => {
    cancelRetry();
    try {
      await apply.all();
      isBehind = false;
      retryMs = RETRY_MS_MIN;
    } catch (error) {
      if (!isBehind)
        deps.onWarning('What was used of limits waits on the disk until PostgreSQL takes it.', error);
      isBehind = true;
      if (isClosed) return;
      cancelRetry = schedule(retryMs, () => void once(false));
      retryMs = Math.min(2 * retryMs, RETRY_MS_MAX);
    }
  });
  // While PostgreSQL is away, sealing asks no sooner than the next retry.
  spool.onSealed(() => {
    journal.sealed();
    if (!isBehind && !isClosed) void once(false);
  });
  const flush = async () => {
    journal.flush();
    spool.seal();
    await once(false);
    return !isBehind;
  };
  return {
    flush,
    stats: () => ({ isBehind, setAsideSegments: apply.setAsideSegments() }),
    close: async () => {
      isClosed = true;
      await flush();
      cancelRetry();
    },
  };
}

function createApply(deps: UsageWriterDeps) {
  const { usage, spool, journal, key, serverId } = deps;
  let removed: { segment: string; atMs: number }[] = [];
  let setAside = 0;
  let refusedByDisk: Parameters<typeof usage.applyLimitSegment>[0] | undefined;
  let batches = 0;

  async function one(sealed: SealedSegment): Promise<void> {
    const { deltas, isDamaged, ...segment } = await readJournalSegment(sealed, key);
    if (segment.serverId !== undefined) {
      await usage.applyLimitSegment({ segment: sealed.id, serverId: segment.serverId, deltas });
    }
    if (isDamaged) {
      setAside += 1;
      spool.setAside(sealed.id);
      const message = 'A part of the journal of limits could not be read and was set aside.';
      deps.onWarning(message, new Error(`The segment ${sealed.id} is damaged or sealed under another key.`));
      return;
    }
    await spool.remove(sealed.id);
    removed.push({ segment: sealed.id, atMs: deps.nowMs() });
  }

  /** What the disk refused gets a name of its own and keeps it until PostgreSQL has it. */
  async function unwritten(): Promise<void> {
    if (refusedByDisk === undefined && journal.unwritten.size() > 0) {
      batches += 1;
      refusedByDisk = { segment: `${serverId}-${batches}`, serverId, deltas: journal.unwritten.take() };
    }
    if (refusedByDisk === undefined) return;
    await usage.applyLimitSegment(refusedByDisk);
    removed.push({ segment: refusedByDisk.segment, atMs: deps.nowMs() });
    refusedByDisk = undefined;
  }

  async function forget(): Promise<void> {
    const nowMs = deps.nowMs();
    const due = removed.filter(({ atMs }) => nowMs - atMs >= FORGET_AFTER_MS);
    if (due.length < FORGET_TOGETHER) return;
    const segments = due.map(({ segment }) => segment);
    await usage.forgetLimitSegments({ segments, appliedBeforeMs: nowMs - APPLIED_MS_MAX });
    removed = removed.filter((each) => !due.includes(each));
  }

  return {
    async all() {
      const end = journal.beginApply();
      try {
        for (const sealed of spool.listSealed()) await one(sealed);
        await unwritten();
        end(true);
      } catch (error) {
        end(false);
        throw error;
      }
      await forget();
    },
    setAsideSegments: () => setAside,
  };
}
