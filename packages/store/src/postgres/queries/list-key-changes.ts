import { type KeyChange, type KeyChangeRow, keyChangeColumns, readKeyChange } from '../key-change.ts';
import { installationQuery } from '../query.ts';

/** Keys that changed after `since`, in the order of their changes; ask again from the last one's sequence. */
export const listKeyChanges = installationQuery({
  sql: `select ${keyChangeColumns} from api_keys k join projects p on p.id = k.project_id
    where k.sequence > $1 order by k.sequence limit $2`,
  values: (input: { since: number; limit: number }) => [input.since, input.limit],
  read: (rows: KeyChangeRow[]): KeyChange[] => rows.map(readKeyChange),
});
