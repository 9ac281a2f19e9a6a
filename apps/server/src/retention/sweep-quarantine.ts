import { readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readRecords, readSegment } from '@app/tracing';
import type { ErasedFilter } from './create-erased-filter.ts';

export type QuarantineDeps = {
  /** The folder of the spool. */
  dir: string;
  /** The spool's key. */
  key: Buffer;
  erased: Pick<ErasedFilter, 'isErased'>;
};

/**
 * Deletes segments that could not be loaded and were set aside, if they hold something that was deleted, or if nobody can
 * tell. Gives how many.
 */
export async function sweepQuarantine({ dir, key, erased }: QuarantineDeps): Promise<number> {
  const folder = join(dir, 'quarantine');
  const names = await readdir(folder).catch(() => []);
  let deleted = 0;
  for (const name of names) {
    const id = /^(\d{13}-[0-9a-f]{16})\.segment$/.exec(name)?.[1];
    if (id === undefined) continue;
    const path = join(folder, name);
    if (!holdsErased({ id, bytes: await readFile(path), key }, erased)) continue;
    await unlink(path);
    deleted += 1;
  }
  return deleted;
}

function holdsErased(
  segment: { id: string; bytes: Buffer; key: Buffer },
  { isErased }: QuarantineDeps['erased'],
): boolean {
  const frames = readSegment(segment);
  for (let step = frames.next(); ; step = frames.next()) {
    if (step.done) return step.value !== 'whole';
    const { plain } = step.value;
    if (plain === undefined) return true;
    try {
      if (readRecords(plain).some(([head = '']) => isErased(factsOf(head)))) return true;
    } catch {
      return true;
    }
  }
}

type Head = {
  projectId: string;
  traceId: string;
  mode: 'live' | 'test';
  startedAtMs: number;
  userId?: string;
  sessionId?: string;
  tags?: string[];
};

function factsOf(text: string) {
  const head: Head = JSON.parse(text);
  const { projectId, traceId, mode, startedAtMs, userId, sessionId, tags = [] } = head;
  return { projectId, traceId, mode, createdAtMs: startedAtMs, by: { userId, sessionId, tags } };
}
