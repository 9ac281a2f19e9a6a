import type { Batch } from '@app/tracing';
import { keepMetadata } from './keep-metadata.ts';

/** Takes private values out of a batch. */
export function createRedactSpans(_nameKey: Buffer): (batch: Batch, projectId: string) => Batch {
  // What shall be redacted before it is kept is not kept at all as long as nothing redacts it.
  return (batch) => keepMetadata(batch);
}
