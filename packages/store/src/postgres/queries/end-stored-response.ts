import { projectQuery } from '../query.ts';
import type { ResponseStatus, StoredMode } from '../stored-response-row.ts';

export type EndStoredResponse = {
  mode: StoredMode;
  id: string;
  status: ResponseStatus;
  itemIds: readonly string[];
  sealed: Buffer;
};

/** How a call that ran without its caller ended. False when it was ended or deleted before. */
export const endStoredResponse = projectQuery({
  sql: `update stored_responses set status = $4, item_ids = $5, sealed = $6
    where project_id = $1 and mode = $2 and id = $3 and status in ('queued', 'in_progress') returning id`,
  values: (end: EndStoredResponse) => [end.mode, end.id, end.status, end.itemIds, end.sealed],
  read: (rows) => rows.length === 1,
});
