import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { onTestFinished } from 'vitest';
import type { Log } from '../src/environment.ts';
import { readSegment } from '../src/read-segment.ts';
import { readRecords } from '../src/record-parts.ts';
import { openSpool, type SpoolOptions } from '../src/spool.ts';
import { createManualTime } from './manual-time.ts';

export const KEY = Buffer.from('0123456789abcdef0123456789abcdef');

/** A folder that is gone when the test is over. */
export function createFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'spool-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A log that keeps what it was told, fields included. */
export function createLog(): Log & { lines: string[] } {
  const lines: string[] = [];
  const write = (fields: object, line: string) => void lines.push(`${line} ${inspect(fields)}`);
  return { lines, warn: write, error: write };
}

/** A spool in a folder of its own, with time that stands still. */
export function createSpool(options: Partial<SpoolOptions> = {}) {
  const dir = options.dir ?? createFolder();
  const time = createManualTime();
  const log = createLog();
  const spool = openSpool({ dir, key: KEY, clock: time.clock, schedule: time.schedule, log, ...options });
  onTestFinished(() => spool.close().catch(() => {}));
  return { dir, time, log, spool };
}

/** The names of the segment files, oldest first. */
export function listSegmentFiles(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith('.segment'))
    .sort();
}

/** The first part of every record in the folder, in order. */
export function readFolder(dir: string): string[] {
  return listSegmentFiles(dir).flatMap((name) => {
    const frames = readSegment({
      bytes: readFileSync(join(dir, name)),
      id: name.replace('.segment', ''),
      key: KEY,
    });
    return [...frames].flatMap(({ plain }) =>
      plain === undefined ? ['unreadable'] : readRecords(plain).map(([head = '']) => head),
    );
  });
}
