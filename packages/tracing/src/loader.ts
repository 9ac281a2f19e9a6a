import type { Clock, Log, Schedule } from './environment.ts';
import { faultFields } from './fault-fields.ts';
import type { SegmentPlace } from './loader-messages.ts';
import type { LoadSegment, OnRefused } from './ports.ts';
import { NO_PRICES, type PriceTable } from './price-of.ts';
import { openRowThread } from './row-thread.ts';
import type { SegmentLoad, SegmentSummary } from './segment-loads.ts';
import { createSegmentQueue, type LoadFault, type RetryLimits } from './segment-queue.ts';
import type { SealedSegment } from './segment-shelf.ts';
import type { Spool } from './spool.ts';

export type LoaderLimits = RetryLimits & {
  /** Of one insert, all tables together. */
  loadBytesMax: number;
  /** Contents remembered as stored; each costs about 150 bytes of the worker's memory. */
  recentEntriesMax: number;
  /** After this a content is stored again. Whatever deletes contents by age must keep them so much longer than spans. */
  recentAgeMsMax: number;
};

export const LOADER_LIMITS: LoaderLimits = {
  backOffMsMin: 200,
  backOffMsMax: 5000,
  unreadableTriesMax: 3,
  refusedMsMax: 3_600_000,
  loadBytesMax: 24 * 2 ** 20,
  recentEntriesMax: 50_000,
  recentAgeMsMax: 600_000,
};

export type LoaderOptions = {
  spool: Spool;
  load: LoadSegment;
  /** The spool's key, 32 bytes. */
  key: Buffer;
  /** Names contents; 32 bytes, the same for the life of the installation. */
  contentKey: Buffer;
  /** Names private values where calls are redacted; 32 bytes, the same as where spans are received. */
  nameKey: Buffer;
  /** What received calls are priced by beside the bundled table; nothing unless given. */
  prices?: PriceTable;
  clock: Clock;
  schedule: Schedule;
  log: Log;
  limits?: Partial<LoaderLimits>;
};

export type LoaderStats = {
  /** Age of the oldest record that is not in the trace store yet; 0 when all are. */
  lagMs: number;
  pendingSegments: number;
  loadedSegments: number;
  loadedCalls: number;
  loadedSpans: number;
  loadedContents: number;
  /** Tries that failed, of the store or of a segment. */
  failures: number;
  /** Records that could not be opened or make no sense; their segments were set aside when the rest was loaded. */
  poisonRecords: number;
  /** Rows that the store refused for what they are; their segments were set aside when the rest was loaded. */
  refusedRows: number;
  setAsideSegments: number;
};

export type Loader = {
  stats(): LoaderStats;
  /** From the next segment on, contents are stored again whether or not they were before. */
  forgetContents(): void;
  /** Loads everything recorded so far, without waiting for its turn. False when `timeoutMs` passed first. */
  drain(timeoutMs: number): Promise<boolean>;
  /** Stops. What is not loaded stays in the spool. */
  close(): Promise<void>;
};

/** Ships sealed segments to the trace store for as long as it is open, and deletes each once the store has it. */
export function openLoader(options: LoaderOptions): Loader {
  const { spool, schedule } = options;
  const limits = { ...LOADER_LIMITS, ...options.limits };
  const queue = createSegmentQueue({ list: spool.listSealed, clock: options.clock, limits });
  const shipment = createShipment(options, limits);
  const checks = new Set<() => void>();
  let isClosed = false;
  let wake = () => {};

  function rest(waitMs: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const cancel = waitMs === undefined ? () => {} : schedule(waitMs, () => wake());
      wake = () => {
        cancel();
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    while (!isClosed) {
      const segment = queue.next();
      if (segment === undefined) {
        await rest(queue.waitMs());
        continue;
      }
      const fault = await shipment.ship(segment, queue.after(segment.id));
      if (isClosed) return;
      if (fault === undefined) queue.loaded(segment.id);
      else if (queue.failed(segment.id, fault)) shipment.giveUp(segment);
      for (const check of checks) check();
    }
  }

  spool.onSealed(() => wake());
  const running = run();
  return {
    stats: () => ({
      lagMs: spool.stats().oldestAgeMs,
      pendingSegments: spool.listSealed().length,
      ...shipment.counts(),
    }),
    forgetContents: shipment.forgetContents,
    drain(timeoutMs) {
      spool.seal();
      queue.hurry();
      const awaited = new Set(spool.listSealed().map(({ id }) => id));
      const isDone = () => !spool.listSealed().some(({ id }) => awaited.has(id));
      wake();
      return untilTrue({ isDone, checks, schedule, timeoutMs });
    },
    async close() {
      isClosed = true;
      wake();
      await shipment.close();
      await running;
    },
  };
}

function untilTrue(wait: {
  isDone: () => boolean;
  checks: Set<() => void>;
  schedule: Schedule;
  timeoutMs: number;
}): Promise<boolean> {
  const { isDone, checks, schedule, timeoutMs } = wait;
  if (isDone()) return Promise.resolve(true);
  return new Promise((resolve) => {
    const settle = (answer: boolean) => {
      checks.delete(check);
      cancel();
      resolve(answer);
    };
    const check = () => isDone() && settle(true);
    const cancel = schedule(timeoutMs, () => settle(false));
    checks.add(check);
  });
}

const NOTHING_YET = {
  ...{ loadedSegments: 0, loadedCalls: 0, loadedSpans: 0, loadedContents: 0 },
  ...{ failures: 0, poisonRecords: 0, refusedRows: 0, setAsideSegments: 0 },
};

const placeOf = ({ id, path }: SealedSegment): SegmentPlace => ({ id, path });

/** Brings one segment at a time into the store and counts what came of it. */
function createShipment(options: LoaderOptions, limits: LoaderLimits) {
  const { spool, load, log } = options;
  const thread = openThread(options, limits);
  const counts = { ...NOTHING_YET };
  let isClosed = false;
  let isForgetting = false;

  async function store({ counts: rows, ...segment }: SegmentLoad, refused: Refused[]): Promise<void> {
    await load(segment, (row) => refused.push(row));
    counts.loadedCalls += rows.calls;
    counts.loadedSpans += rows.spans;
    counts.loadedContents += rows.contents;
  }

  function giveUp(segment: SealedSegment): void {
    spool.setAside(segment.id);
    counts.setAsideSegments += 1;
    log.error({ segment: segment.id }, 'A segment, or records of it, could not be loaded and was set aside.');
  }

  function failed(segment: SealedSegment, fault: LoadFault, fields: FaultFields): LoadFault {
    if (isClosed) return fault;
    counts.failures += 1;
    log.warn({ segment: segment.id, fault, ...fields }, 'A segment could not be loaded and is tried again.');
    return fault;
  }

  async function settle(segment: SealedSegment, summary: SegmentSummary, refused: Refused[]): Promise<void> {
    const { end, poisonRecords } = summary;
    counts.loadedSegments += 1;
    counts.poisonRecords += poisonRecords;
    counts.refusedRows += refused.length;
    tellRefused(log, segment, refused);
    const isWhole = poisonRecords === 0 && refused.length === 0;
    if (isWhole && end !== 'damaged' && end !== 'foreign') await spool.remove(segment.id);
    else giveUp(segment);
  }

  async function ship(
    segment: SealedSegment,
    ahead: SealedSegment | undefined,
  ): Promise<LoadFault | undefined> {
    try {
      if (isForgetting) {
        isForgetting = false;
        await thread.restart();
      }
      const refused: Refused[] = [];
      const place = { ...placeOf(segment), ahead: ahead && placeOf(ahead) };
      const reading = await thread.read(place, (each) => store(each, refused));
      if (reading.kind === 'unreadable') return failed(segment, 'segment', reading);
      await settle(segment, reading.summary, refused);
      return undefined;
    } catch (error) {
      return failed(segment, 'store', faultFields(error));
    }
  }

  return {
    ship,
    giveUp,
    forgetContents() {
      isForgetting = true;
    },
    counts: () => ({ ...counts }),
    close() {
      isClosed = true;
      return thread.close();
    },
  };
}

function openThread({ key, contentKey, nameKey, prices = NO_PRICES }: LoaderOptions, limits: LoaderLimits) {
  const { loadBytesMax, recentEntriesMax, recentAgeMsMax } = limits;
  const keys = { key, contentKey, nameKey };
  return openRowThread({ ...keys, prices, loadBytesMax, recentEntriesMax, recentAgeMsMax });
}

type FaultFields = ReturnType<typeof faultFields>;
type Refused = Parameters<OnRefused>[0];

/** So many refused rows of a segment are told of one by one. */
const TOLD_MAX = 20;

function tellRefused(log: Log, { id }: SealedSegment, refused: readonly Refused[]): void {
  for (const { table, code } of refused.slice(0, TOLD_MAX))
    log.error({ segment: id, table, code }, 'The trace store refused a row; all others were loaded.');
}
