import { randomBytes } from 'node:crypto';
import type { Clock, Log, Schedule } from './environment.ts';
import type { OpenSegmentCipher } from './segment-cipher.ts';
import { segmentIdOf } from './segment-shelf.ts';
import { openSegmentSync } from './segment-sync.ts';
import { openSegmentWriter, type SegmentWriter } from './segment-writer.ts';

/** Writes to one segment after the other. */
export type SegmentRoll = {
  /** Throws when the disk does not take the record. */
  append(plain: Buffer): void;
  /** Ends the segment being written, if there is one, so that it can be loaded. */
  seal(): void;
  /** Bytes of the segment being written. */
  bytes(): number;
  createdAtMs(): number | undefined;
  /** Resolves when all that was appended before the call survives a loss of power. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

export type SegmentRollOptions = {
  dir: string;
  key: Buffer;
  openCipher: OpenSegmentCipher;
  clock: Clock;
  schedule: Schedule;
  log: Log;
  segmentBytesMax: number;
  segmentAgeMsMax: number;
  syncEveryMs: number;
  /** False while the loader is so far behind that more and smaller segments would only cost. */
  mayRollByAge: () => boolean;
  onSealed: (id: string, bytes: number) => void;
};

/** Opens no file before the first record comes. */
export function openSegmentRoll(options: SegmentRollOptions): SegmentRoll {
  const { schedule, log } = options;
  const sync = openSegmentSync(options.dir);
  let writer: SegmentWriter | undefined;
  let cancelAge = () => {};
  let cancelSync: (() => void) | undefined;

  function seal(): void {
    cancelAge();
    const done = writer;
    writer = undefined;
    if (done === undefined) return;
    sync.release(done);
    options.onSealed(done.id, done.bytes());
  }

  function sealWhenOld(): void {
    cancelAge = schedule(options.segmentAgeMsMax, () => (options.mayRollByAge() ? seal() : sealWhenOld()));
  }

  function start(): SegmentWriter {
    const createdAtMs = options.clock.nowMs();
    const id = segmentIdOf(createdAtMs, randomBytes(8));
    const { dir, key, openCipher } = options;
    const opened = openSegmentWriter({ dir, id, createdAtMs, key, openCipher });
    sealWhenOld();
    return opened;
  }

  function syncSoon(): void {
    cancelSync ??= schedule(options.syncEveryMs, () => {
      cancelSync = undefined;
      sync.flush().catch((cause) => log.error({ cause }, 'The spool could not be synchronised to the disk.'));
    });
  }

  return {
    append(plain) {
      writer ??= start();
      try {
        writer.append(plain);
      } catch (error) {
        // What was written of the record stays as a torn end, so nothing may follow it.
        seal();
        throw error;
      }
      sync.touch(writer);
      syncSoon();
      if (writer.bytes() >= options.segmentBytesMax) seal();
    },
    seal,
    bytes: () => writer?.bytes() ?? 0,
    createdAtMs: () => writer?.createdAtMs,
    flush: sync.flush,
    async close() {
      cancelSync?.();
      seal();
      await sync.close();
    },
  };
}
