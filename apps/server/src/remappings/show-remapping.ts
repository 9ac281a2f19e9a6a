import type { Remapping } from '@app/contract';
import type { StoredRemapping } from '@app/store';

/** A re-mapping as callers see it. */
export function showRemapping(stored: StoredRemapping): Remapping {
  const { progress, requestedBy, endedAtMs, error } = stored;
  return {
    id: stored.id,
    from: timeOf(stored.fromMs),
    to: timeOf(stored.toMs),
    dry_run: stored.isDryRun,
    force: stored.isForced,
    status: stored.status,
    requested_by: requestedBy ?? null,
    created_at: timeOf(stored.createdAtMs),
    updated_at: timeOf(stored.updatedAtMs),
    ended_at: endedAtMs === undefined ? null : timeOf(endedAtMs),
    error: error ?? null,
    spans: {
      done: progress.spans,
      total: stored.spansTotal,
      changed: progress.changed,
      lost: progress.lost,
    },
  };
}

function timeOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
