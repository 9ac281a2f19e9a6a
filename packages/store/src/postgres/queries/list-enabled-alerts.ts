import { type AlertRow, alertColumns, readAlert } from '../alert-row.ts';
import { installationQuery } from '../query.ts';

/** Every rule that is to be looked at, in order of its id, after another one. */
export const listEnabledAlerts = installationQuery({
  sql: `select ${alertColumns} from alerts where is_enabled and id > $1 order by id limit $2`,
  values: ({ after, limit }: { after: string; limit: number }) => [after, limit],
  read: (rows: AlertRow[]) => rows.map(readAlert),
});
