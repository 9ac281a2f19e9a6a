import type { Deletion } from '@app/contract';
import type { StoredDeletion } from '@app/store';

/** A deletion as callers see it. */
export function showDeletion(stored: StoredDeletion): Deletion {
  const { finishedAtMs } = stored;
  return {
    id: stored.id,
    state: stored.state,
    filter: stored.filter,
    dry_run: stored.isDryRun,
    deleted: stored.deleted,
    progress: finishedAtMs === undefined ? Math.min(0.99, stored.step / 100) : 1,
    requested_at: new Date(stored.requestedAtMs).toISOString(),
    requested_by: stored.requestedBy ?? null,
    finished_at: finishedAtMs === undefined ? null : new Date(finishedAtMs).toISOString(),
    error: stored.error ?? null,
    receipt: stored.receipt ?? null,
  };
}
