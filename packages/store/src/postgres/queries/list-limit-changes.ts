import {
  type ChangedLimit,
  type LimitChangeRow,
  readLimitChange,
  selectLimitChanges,
} from '../limit-change.ts';
import { installationQuery } from '../query.ts';

/** Limits that changed after `since`, in the order of their changes; ask again from the last one's sequence. */
export const listLimitChanges = installationQuery({
  sql: `${selectLimitChanges} where l.sequence > $1 order by l.sequence limit $2`,
  values: (input: { since: number; limit: number }) => [input.since, input.limit],
  read: (rows: LimitChangeRow[]): ChangedLimit[] => rows.map(readLimitChange),
});
