import type { DeletionReceipt } from '@app/contract';
import type { DeletionCounts, StoredDeletion } from '../deletion-row.ts';
import { projectQuery } from '../query.ts';

export type SaveDeletion = Pick<StoredDeletion, 'id' | 'state' | 'step'> & {
  serverId: string;
  deleted: DeletionCounts;
  error?: string | undefined;
  receipt?: DeletionReceipt | undefined;
  finishedAtMs?: number | undefined;
};

/** Saves where it stands. False when another server has taken it over, or it is over. */
export const saveDeletion = projectQuery({
  sql: `update deletions set state = $4, step = $5, deleted = $6, error = $7, receipt = $8, finished_at = $9,
      updated_at = now()
    where project_id = $1 and id = $2 and server_id = $3 and finished_at is null returning id`,
  values: (given: SaveDeletion) => [
    given.id,
    given.serverId,
    given.state,
    given.step,
    JSON.stringify(given.deleted),
    given.error,
    given.receipt === undefined ? null : JSON.stringify(given.receipt),
    given.finishedAtMs === undefined ? null : new Date(given.finishedAtMs),
  ],
  read: (rows: { id: string }[]) => rows.length === 1,
});
