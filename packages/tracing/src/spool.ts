import { chmodSync, mkdirSync } from 'node:fs';
import type { Clock, Log, Schedule } from './environment.ts';
import { FRAME_HEAD_BYTES } from './frame-head.ts';
import { measureParts, type Part, writeParts, writeRecords } from './record-parts.ts';
import { HEADER_BYTES, type OpenSegmentCipher, openSegmentCipher, TAG_BYTES } from './segment-cipher.ts';
import { openSegmentRoll, type SegmentRoll } from './segment-roll.ts';
import { openSegmentShelf, type SealedSegment, type SegmentShelf } from './segment-shelf.ts';

export type SpoolLimits = {
  /** All segments together. Contents stop at nine tenths of it, so that records still fit. */
  bytesMax: number;
  segmentBytesMax: number;
  segmentAgeMsMax: number;
  /** A record over it is kept without its contents, or dropped. */
  recordBytesMax: number;
  /** Longest time between an append and its fsync when nobody asks for one. */
  syncEveryMs: number;
  /** With so many segments waiting, age alone ends none: what comes meanwhile is loaded together, which costs less. */
  backlogSegmentsMax: number;
  /** What could not be loaded and was set aside; its oldest goes first. */
  quarantineBytesMax: number;
  /** After the disk refused a record, the next try. */
  retryMs: number;
};

export const SPOOL_LIMITS: SpoolLimits = {
  bytesMax: 2 * 2 ** 30,
  segmentBytesMax: 8 * 2 ** 20,
  segmentAgeMsMax: 400,
  recordBytesMax: 32 * 2 ** 20,
  syncEveryMs: 100,
  backlogSegmentsMax: 2,
  quarantineBytesMax: 64 * 2 ** 20,
  retryMs: 1000,
};

export type SpoolOptions = {
  dir: string;
  /** 32 bytes. */
  key: Buffer;
  clock: Clock;
  schedule: Schedule;
  log: Log;
  limits?: Partial<SpoolLimits>;
  /** Called for each record, or each record's contents, that was not kept. */
  onDrop?: (kind: 'record' | 'content') => void;
  /** For tests that need to see what encryption hides; nothing that reads settings may pass it. */
  openCipher?: OpenSegmentCipher;
};

export type SpoolRecord = { head: Part; contents: readonly Part[] };

export type SpoolStats = {
  bytes: number;
  segments: number;
  /** Age of the oldest record that is not loaded; 0 when there is none. */
  oldestAgeMs: number;
  appendedRecords: number;
  droppedRecords: number;
  droppedContents: number;
};

export type Spool = {
  /**
   * Hands a record to the kernel in one write, so that it survives the end of this process. False when it was dropped.
   * When space is short the record is kept without its contents, which is counted.
   */
  append(record: Part, contents?: readonly Part[]): boolean;
  /**
   * The same, but all or nothing: where its contents do not fit either, false, and nothing of it is kept. Not counted as
   * dropped, since whoever sent it is told and still has it.
   */
  appendWhole(record: Part, contents: readonly Part[]): boolean;
  /** The same for several, sealed and written as one where they fit, which costs little more than one of them. */
  appendTogether(records: readonly SpoolRecord[]): void;
  /** Resolves when all appended before the call survives a loss of power. */
  flush(): Promise<void>;
  /** Ends the segment being written now, so that it can be loaded. */
  seal(): void;
  listSealed(): SealedSegment[];
  /** Has `run` called after each sealing; one listener. */
  onSealed(run: () => void): void;
  remove(id: string): Promise<void>;
  setAside(id: string): void;
  stats(): SpoolStats;
  /** Seals, brings everything to the disk and closes the files. What is not loaded stays for the next start. */
  close(): Promise<void>;
};

/** Opens the spool folder and picks up the segments of earlier processes. One process at a time per folder. */
export function openSpool(options: SpoolOptions): Spool {
  const { dir, key, clock, schedule, log, openCipher = openSegmentCipher } = options;
  if (key.length !== 32) throw new Error('The key of the spool must have 32 bytes.');
  const limits = { ...SPOOL_LIMITS, ...options.limits };
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  const shelf = openSegmentShelf({ dir, quarantineBytesMax: limits.quarantineBytesMax, log });
  let sealed = () => {};
  const roll = openSegmentRoll({
    ...{ dir, key, openCipher, clock, schedule, log },
    ...{ segmentBytesMax: limits.segmentBytesMax, segmentAgeMsMax: limits.segmentAgeMsMax },
    syncEveryMs: limits.syncEveryMs,
    mayRollByAge: () => shelf.count() < limits.backlogSegmentsMax,
    onSealed(id, bytes) {
      shelf.add(id, bytes);
      sealed();
    },
  });
  const gate = createGate({ roll, shelf, limits, clock, log, onDrop: options.onDrop });
  return {
    append: gate.append,
    appendWhole: gate.appendWhole,
    appendTogether: gate.appendTogether,
    flush: roll.flush,
    seal: roll.seal,
    listSealed: shelf.list,
    onSealed(run) {
      sealed = run;
    },
    remove: shelf.remove,
    setAside: shelf.setAside,
    stats() {
      const oldestAtMs = shelf.oldestAtMs() ?? roll.createdAtMs();
      return {
        bytes: shelf.bytes() + roll.bytes(),
        segments: shelf.count() + (roll.bytes() > 0 ? 1 : 0),
        oldestAgeMs: oldestAtMs === undefined ? 0 : Math.max(0, clock.nowMs() - oldestAtMs),
        ...gate.counts(),
      };
    },
    close: roll.close,
  };
}

/** Of one frame with several records: what is damaged on the disk is lost as a whole. */
const TOGETHER_BYTES_MAX = 256 * 1024;

const SCRATCH_BYTES_MAX = 2 ** 20;

const FRAME_BYTES = HEADER_BYTES + FRAME_HEAD_BYTES + TAG_BYTES;

/** Memory for a frame until it is sealed, used again: what is thrown away with each record makes V8 look through its heap. */
function createFrames(): (bytes: number) => Buffer {
  let frame = Buffer.alloc(0);
  return (bytes) => {
    if (bytes > SCRATCH_BYTES_MAX) return Buffer.allocUnsafe(bytes);
    if (frame.length < bytes) frame = Buffer.allocUnsafeSlow(SCRATCH_BYTES_MAX);
    return frame.subarray(0, bytes);
  };
}

/** Decides what is kept: everything, the record without its contents, or nothing. */
function createGate(deps: {
  roll: SegmentRoll;
  shelf: SegmentShelf;
  limits: SpoolLimits;
  clock: Clock;
  log: Log;
  onDrop: SpoolOptions['onDrop'];
}) {
  const { roll, shelf, limits, clock, log, onDrop } = deps;
  const contentBytesMax = limits.bytesMax - limits.bytesMax / 10;
  const counts = { appendedRecords: 0, droppedRecords: 0, droppedContents: 0 };
  let closedUntilMs = Number.NEGATIVE_INFINITY;
  const frameOf = createFrames();

  function tryAppend(parts: readonly Part[], bytesMax: number): boolean {
    const bytes = measureParts(parts);
    if (bytes > limits.recordBytesMax || shelf.bytes() + roll.bytes() + bytes + FRAME_BYTES > bytesMax)
      return false;
    try {
      roll.append(writeParts(parts, bytes, frameOf(bytes)));
      counts.appendedRecords += 1;
      return true;
    } catch (cause) {
      // Trying again with every call would cost more than the calls.
      closedUntilMs = clock.nowMs() + limits.retryMs;
      log.error({ cause }, 'The disk refused a record of the spool.');
      return false;
    }
  }

  function tryBoth(record: Part, contents: readonly Part[]): boolean {
    if (clock.nowMs() < closedUntilMs) return false;
    if (contents.length === 0) return tryAppend([record], limits.bytesMax);
    if (tryAppend([record, ...contents], contentBytesMax)) return true;
    if (!tryAppend([record], limits.bytesMax)) return false;
    counts.droppedContents += 1;
    onDrop?.('content');
    return true;
  }

  function append(record: Part, contents: readonly Part[] = []): boolean {
    const isKept = tryBoth(record, contents);
    if (!isKept) {
      counts.droppedRecords += 1;
      onDrop?.('record');
    }
    return isKept;
  }

  function appendWhole(record: Part, contents: readonly Part[]): boolean {
    return clock.nowMs() >= closedUntilMs && tryAppend([record, ...contents], contentBytesMax);
  }

  function tryTogether(records: readonly SpoolRecord[]): boolean {
    if (clock.nowMs() < closedUntilMs) return false;
    const all = records.map(({ head, contents }) => [head, ...contents]);
    const bytes = all.reduce((sum, parts) => sum + measureParts(parts), 0);
    const bytesMax = Math.min(TOGETHER_BYTES_MAX, limits.recordBytesMax);
    if (bytes > bytesMax || shelf.bytes() + roll.bytes() + bytes + FRAME_BYTES > contentBytesMax)
      return false;
    try {
      roll.append(writeRecords(all, bytes, frameOf(bytes)));
      counts.appendedRecords += records.length;
      return true;
    } catch {
      // Each is tried by itself, and whatever is wrong with the disk is told there.
      return false;
    }
  }

  function appendTogether(records: readonly SpoolRecord[]): void {
    if (records.length > 1 && tryTogether(records)) return;
    for (const { head, contents } of records) append(head, contents);
  }

  return { append, appendWhole, appendTogether, counts: () => ({ ...counts }) };
}
