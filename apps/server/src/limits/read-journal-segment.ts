import { readFile } from 'node:fs/promises';
import type { LimitDelta } from '@app/store';
import { readRecords, readSegment, type SealedSegment } from '@app/tracing';
import { readDeltas } from './delta-record.ts';
import { createDeltaSums } from './sum-deltas.ts';

export type JournalSegment = {
  /** Undefined when nothing in it could be read. */
  serverId: string | undefined;
  deltas: LimitDelta[];
  /** Something in it could not be read, beyond a last write that did not end. */
  isDamaged: boolean;
};

/** Reads one segment of the journal and adds it up. Rejects when its file cannot be read at all. */
export async function readJournalSegment(
  { id, path }: Pick<SealedSegment, 'id' | 'path'>,
  key: Buffer,
): Promise<JournalSegment> {
  const sums = createDeltaSums();
  let serverId: string | undefined;
  let isDamaged = false;
  const frames = readSegment({ bytes: await readFile(path), id, key });
  let step = frames.next();
  for (; step.done !== true; step = frames.next()) {
    const record = step.value.plain === undefined ? undefined : recordOf(step.value.plain);
    if (record === undefined) isDamaged = true;
    // One process writes one segment, so all its records name the same server.
    serverId ??= record?.serverId;
    for (const delta of record?.deltas ?? []) sums.add(delta);
  }
  if (step.value === 'damaged' || step.value === 'foreign') isDamaged = true;
  return { serverId, deltas: sums.take(), isDamaged };
}

function recordOf(frame: Buffer) {
  try {
    return readDeltas(readRecords(frame)[0]?.[0] ?? '');
  } catch {
    return undefined;
  }
}
