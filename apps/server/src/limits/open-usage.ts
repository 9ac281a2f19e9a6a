import { hkdfSync } from 'node:crypto';
import { join } from 'node:path';
import type { LimitJournal, Schedule } from '@app/gateway';
import type { LimitDelta, LimitUsage, RelationalStore } from '@app/store';
import { openSpool, type Spool } from '@app/tracing';
import type { Logger } from 'pino';
import { openLimitJournal } from './open-limit-journal.ts';
import { openUsageWriter } from './open-usage-writer.ts';
import { readPredecessors, writePredecessors } from './predecessors.ts';

export type UsageDeps = {
  usage: RelationalStore['limitUsage'];
  /** Says that a server need not be waited for any more. */
  deleteServer: RelationalStore['keys']['deleteServer'];
  dataDir: string;
  /** The data folder's key of what waits on the disk; 32 bytes. */
  spoolKey: Buffer;
  serverId: string;
  nowMs: () => number;
  schedule: Schedule;
  atTurnEnd: (run: () => void) => void;
  log: Logger;
};

export type UsageStats = {
  /** Bytes of the journal that PostgreSQL does not have yet. */
  waitingBytes: number;
  /** PostgreSQL did not take the last of it. */
  isBehind: boolean;
  /** Writes that the disk refused; what they said is in memory until PostgreSQL has it. */
  refusedWrites: number;
  /** Changes of counts that were not kept anywhere. */
  lostChanges: number;
  setAsideSegments: number;
};

export type OpenUsage = {
  /** Hears of every claim on a day's or month's count. */
  journal: LimitJournal;
  /** Hands what this turn changed to the kernel. Nothing that it belongs to may leave before. */
  flushTurn(): void;
  /** Brings all of it to PostgreSQL; false when it was not taken. */
  flush(): Promise<boolean>;
  /** What this server changed of counts that PostgreSQL may not have. */
  listUnwritten(): LimitDelta[];
  /** Charges what servers hold that are gone. */
  chargeGone(): Promise<void>;
  /** What counts of days and months had when it was asked, page by page. */
  readCurrent(): AsyncGenerator<LimitUsage[]>;
  stats(): UsageStats;
  close(): Promise<void>;
};

/** Longest time that what was used waits for PostgreSQL. */
const FLUSH_MS = 1_000;
const BYTES_MAX = 256 * 2 ** 20;
/** A server that was not seen for so long is gone: longer than any that is only slow. */
const GONE_AFTER_MS = 60_000;

/**
 * What was used of days and months, durably: a journal on the disk, and PostgreSQL behind it. Resolves once what earlier
 * servers of this folder left is in PostgreSQL; rejects when PostgreSQL does not take it.
 */
export async function openUsage(deps: UsageDeps): Promise<OpenUsage> {
  const { usage, serverId, nowMs, schedule, atTurnEnd, log } = deps;
  const dir = join(deps.dataDir, 'limits');
  const key = journalKeyOf(deps.spoolKey);
  const spool = openJournalSpool({ dir, key, nowMs, schedule, log });
  const journal = openLimitJournal({ spool, serverId, atTurnEnd });
  const onWarning = (message: string, error: unknown) => log.warn({ err: error }, message);
  const writer = openUsageWriter({ usage, spool, journal, key, serverId, schedule, nowMs, onWarning });
  const close = async () => {
    await writer.close();
    await spool.close();
  };
  const chargeGone = async (goneIds: readonly string[] = []) => {
    await usage.chargeLimitFloors({ serverId, goneIds, seenWithinMs: GONE_AFTER_MS });
    await usage.deleteEmptyLimitFloors({ serverId });
  };
  try {
    const goneIds = readPredecessors(dir);
    if (!(await writer.flush())) throw new Error('PostgreSQL did not take what was used before.');
    await chargeGone(goneIds);
    // Whoever makes a key or a limit need not wait until it was not seen for long enough.
    for (const id of goneIds) await deps.deleteServer({ serverId: id });
    writePredecessors(dir, [serverId]);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    journal,
    flushTurn: journal.flush,
    flush: writer.flush,
    listUnwritten: journal.listUnapplied,
    chargeGone: () => chargeGone(),
    readCurrent: () => usage.readCurrentLimitUsage(nowMs()),
    stats: () => ({ waitingBytes: spool.stats().bytes, ...writer.stats(), ...journal.faults() }),
    close,
  };
}

function openJournalSpool(
  deps: Pick<UsageDeps, 'nowMs' | 'schedule' | 'log'> & { dir: string; key: Buffer },
): Spool {
  const { dir, key, nowMs, schedule, log } = deps;
  const limits = { bytesMax: BYTES_MAX, segmentAgeMsMax: FLUSH_MS, backlogSegmentsMax: 8 };
  return openSpool({ dir, key, clock: { nowMs }, schedule, log, limits });
}

/** Limit ids and names of users are in there: sealed like traces, under a key of its own. */
function journalKeyOf(spoolKey: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', spoolKey, '', 'tokenrouter limit journal', 32));
}
