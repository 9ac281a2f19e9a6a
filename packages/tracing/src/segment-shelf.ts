import { mkdirSync, readdirSync, renameSync, statSync, unlinkSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from './environment.ts';
import { segmentFileOf } from './segment-writer.ts';

/** A segment that nothing more is written to, waiting to be loaded. */
export type SealedSegment = { id: string; path: string; bytes: number; createdAtMs: number };

/** The sealed segments of a spool folder, oldest first. */
export type SegmentShelf = {
  list(): SealedSegment[];
  count(): number;
  bytes(): number;
  oldestAtMs(): number | undefined;
  add(id: string, bytes: number): void;
  /** Deletes a segment whose records are all in the trace store. */
  remove(id: string): Promise<void>;
  /** Moves a segment that cannot be loaded out of the way, encrypted as it is. */
  setAside(id: string): void;
};

const SEGMENT_FILE = /^(\d{13}-[0-9a-f]{16})\.segment$/;

/** A new id: the time first, so that names sort by age, then chance. */
export function segmentIdOf(createdAtMs: number, random: Buffer): string {
  const time = String(Math.max(0, Math.trunc(createdAtMs))).padStart(13, '0');
  return `${time}-${random.toString('hex', 0, 8)}`;
}

/** Opens the folder (0700) and picks up what an earlier process left there. */
export function openSegmentShelf(shelf: { dir: string; quarantineBytesMax: number; log: Log }): SegmentShelf {
  const { dir, log } = shelf;
  const quarantine = join(dir, 'quarantine');
  mkdirSync(quarantine, { recursive: true, mode: 0o700 });
  const segments = new Map<string, SealedSegment>();
  let bytes = 0;

  function add(id: string, size: number): void {
    segments.set(id, { id, path: join(dir, segmentFileOf(id)), bytes: size, createdAtMs: createdAtOf(id) });
    bytes += size;
  }

  function forget(id: string): SealedSegment | undefined {
    const segment = segments.get(id);
    if (segment === undefined) return undefined;
    segments.delete(id);
    bytes -= segment.bytes;
    return segment;
  }

  for (const { id, size } of listSegmentFiles(dir)) add(id, size);
  return {
    list: () => [...segments.values()],
    count: () => segments.size,
    bytes: () => bytes,
    oldestAtMs: () => segments.values().next().value?.createdAtMs,
    add,
    async remove(id) {
      const segment = segments.get(id);
      if (segment === undefined) return;
      await unlink(segment.path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
      forget(id);
    },
    setAside(id) {
      const segment = forget(id);
      if (segment === undefined) return;
      try {
        renameSync(segment.path, join(quarantine, segmentFileOf(id)));
        trim(quarantine, shelf.quarantineBytesMax, log);
      } catch (cause) {
        log.error({ segment: id, cause }, 'A segment that cannot be loaded could not be moved aside either.');
      }
    },
  };
}

/** Deletes the oldest of what was set aside until the rest fits. */
function trim(quarantine: string, bytesMax: number, log: Log): void {
  const files = listSegmentFiles(quarantine);
  let bytes = files.reduce((sum, file) => sum + file.size, 0);
  for (const { id, size } of files) {
    if (bytes <= bytesMax) return;
    unlinkSync(join(quarantine, segmentFileOf(id)));
    bytes -= size;
    log.warn({ segment: id, bytes: size }, 'The quarantine is full: its oldest segment was deleted.');
  }
}

function listSegmentFiles(dir: string): { id: string; size: number }[] {
  const ids = readdirSync(dir).flatMap((name) => SEGMENT_FILE.exec(name)?.[1] ?? []);
  return ids.sort().map((id) => ({ id, size: statSync(join(dir, segmentFileOf(id))).size }));
}

function createdAtOf(id: string): number {
  return Number(id.slice(0, 13));
}
