import { readFile } from 'node:fs/promises';
import { readRecords, readSegment, type SealedSegment } from '@app/tracing';
import { z } from 'zod';
import type { DraftedEvent } from './draft-event.ts';

/** `intent`: what is to be told if nothing more comes. `event`: what happened, under the id of its intent if it had one. */
export type OutboxRecord = { kind: 'intent' | 'event'; event: DraftedEvent };

const text = z.string().nullable();

const Record = z.object({
  kind: z.enum(['intent', 'event']),
  event: z.object({
    organizationId: z.string(),
    id: z.string(),
    atMs: z.number(),
    action: z.string(),
    outcome: z.string(),
    actorKind: z.string(),
    actorId: text,
    actorLabel: text,
    actorRole: text,
    actorSession: text,
    ip: text,
    userAgent: text,
    requestId: text,
    projectId: text,
    targetKind: text,
    targetId: text,
    targetName: text,
    before: text,
    after: text,
    reason: text,
    count: z.int(),
  }),
});

export function writeOutboxRecord(record: OutboxRecord): string {
  return JSON.stringify(record);
}

/** What one file of an outbox holds; `isDamaged` when not all of it can be read, beyond a last write that did not end. */
export async function readOutboxSegment(
  { id, path }: Pick<SealedSegment, 'id' | 'path'>,
  key: Buffer,
): Promise<{ records: OutboxRecord[]; isDamaged: boolean }> {
  const records: OutboxRecord[] = [];
  let isDamaged = false;
  const frames = readSegment({ bytes: await readFile(path), id, key });
  let step = frames.next();
  for (; step.done !== true; step = frames.next()) {
    const record = step.value.plain === undefined ? undefined : parseFrame(step.value.plain);
    if (record === undefined) isDamaged = true;
    else records.push(record);
  }
  if (step.value === 'damaged' || step.value === 'foreign') isDamaged = true;
  return { records, isDamaged };
}

function parseFrame(frame: Buffer): OutboxRecord | undefined {
  try {
    return Record.parse(JSON.parse(readRecords(frame)[0]?.[0] ?? ''));
  } catch {
    return undefined;
  }
}
