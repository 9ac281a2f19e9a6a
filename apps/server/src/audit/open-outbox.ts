import { mkdirSync, utimesSync } from 'node:fs';
import type { Schedule } from '@app/gateway';
import type { Log } from '@app/store';
import { openSpool, type Spool } from '@app/tracing';
import type { DraftedEvent } from './draft-event.ts';
import { type OutboxRecord, readOutboxSegment, writeOutboxRecord } from './outbox-record.ts';

export type OutboxDeps = {
  /** A folder of this process alone. */
  dir: string;
  key: Buffer;
  /** Brings events into their chains; rejects when not all could be. */
  append: (events: readonly DraftedEvent[]) => Promise<void>;
  nowMs: () => number;
  schedule: Schedule;
  log: Log;
};

/** What was written down and may not be in its chain yet, on the disk: append-only and sealed. */
export type Outbox = {
  /** False when the disk did not take it. What it took survives the end of this process. */
  write(record: OutboxRecord): boolean;
  /** Resolves when all that was written before the call survives a loss of power. */
  sync(): Promise<void>;
  /** Brings all events that were written before the call into their chains. Rejects when not all could be. */
  ship(): Promise<void>;
  /** This intent is told otherwise, or not at all. */
  forget(id: string): void;
  close(): Promise<void>;
};

const BYTES_MAX = 256 * 2 ** 20;
const SEGMENT_BYTES_MAX = 2 * 2 ** 20;
/** Sealing is what `ship` does; by age alone, only what nobody asked to ship. */
const SEGMENT_AGE_MS_MAX = 60_000;
/** How often a folder shows that its process lives. */
const ALIVE_EVERY_MS = 5_000;

/**
 * Opens the outbox of this process. A file of it goes when all its events are in their chains and all its intents have
 * an outcome there: until then, whoever finds the folder can tell what became of them.
 */
export function openOutbox(deps: OutboxDeps): Outbox {
  const { dir, key, nowMs, schedule, log } = deps;
  const spool = openAuditSpool({ dir, key, nowMs, schedule, log });
  const stopHeart = openHeart(deps);
  /** Intents without an outcome in a chain. */
  const underWay = new Set<string>();
  /** Files that are read but must stay, with the intents they stay for. */
  const held = new Map<string, string[]>();

  async function ship(): Promise<void> {
    spool.seal();
    for (const segment of spool.listSealed()) {
      if (held.has(segment.id)) continue;
      const { records, isDamaged } = await readOutboxSegment(segment, key);
      const events = records.filter(({ kind }) => kind === 'event').map(({ event }) => event);
      await deps.append(events);
      for (const { id } of events) underWay.delete(id);
      if (isDamaged) setAside(spool, segment.id, log);
      else held.set(segment.id, idsOfIntents(records));
    }
    for (const [id, intents] of held) {
      const waiting = intents.filter((intent) => underWay.has(intent));
      if (waiting.length > 0) held.set(id, waiting);
      else {
        await spool.remove(id);
        held.delete(id);
      }
    }
  }

  return {
    write(record) {
      const isKept = spool.append(writeOutboxRecord(record));
      if (isKept && record.kind === 'intent') underWay.add(record.event.id);
      return isKept;
    },
    sync: spool.flush,
    ship,
    forget: (id) => void underWay.delete(id),
    close: async () => {
      stopHeart();
      await spool.close();
    },
  };
}

/** Opens a folder of an outbox, one's own or what another process left. */
export function openAuditSpool(deps: Pick<OutboxDeps, 'dir' | 'key' | 'nowMs' | 'schedule' | 'log'>): Spool {
  const { dir, key, nowMs, schedule, log } = deps;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return openSpool({
    dir,
    key,
    clock: { nowMs },
    schedule,
    log,
    limits: {
      bytesMax: BYTES_MAX,
      segmentBytesMax: SEGMENT_BYTES_MAX,
      segmentAgeMsMax: SEGMENT_AGE_MS_MAX,
      recordBytesMax: SEGMENT_BYTES_MAX,
    },
  });
}

export function setAside(spool: Pick<Spool, 'setAside'>, segment: string, log: Pick<Log, 'error'>): void {
  log.error({ segment }, 'A part of the audit outbox could not be read and was set aside.');
  spool.setAside(segment);
}

const idsOfIntents = (records: readonly OutboxRecord[]): string[] =>
  records.filter(({ kind }) => kind === 'intent').map(({ event }) => event.id);

/** The folder's time tells other processes that this one lives. */
function openHeart({ dir, nowMs, schedule }: Pick<OutboxDeps, 'dir' | 'nowMs' | 'schedule'>): () => void {
  let cancel = () => {};
  const beat = () => {
    const now = nowMs() / 1_000;
    try {
      utimesSync(dir, now, now);
    } catch {
      // Where the folder cannot be touched, what is written into it moves its time as well.
    }
    cancel = schedule(ALIVE_EVERY_MS, beat);
  };
  beat();
  return () => cancel();
}
