import { type Batch, createProjectRedactors } from '@app/tracing';
import { redactBatch } from './redact-batch.ts';

/** Takes private values out of batches. `nameKey` makes the names that stand for users and sessions. */
export function createRedactSpans(nameKey: Buffer): (batch: Batch, projectId: string) => Batch {
  const redactorsOf = createProjectRedactors(nameKey);
  return (batch, projectId) => redactBatch(batch, redactorsOf(projectId));
}
