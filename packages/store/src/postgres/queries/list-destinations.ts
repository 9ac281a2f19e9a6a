import { type DestinationRow, destinationColumns, readDestination } from '../destination-row.ts';
import { organizationQuery } from '../query.ts';

/** All of an organization's, by name; with `ids` only those. */
export const listDestinations = organizationQuery({
  sql: `select ${destinationColumns} from destinations
    where organization_id = $1 and ($2::text[] is null or id = any ($2)) and (not $3 or budget_notices)
    order by name, id`,
  values: ({ ids, withBudgetNotices = false }: { ids?: readonly string[]; withBudgetNotices?: boolean }) => [
    ids,
    withBudgetNotices,
  ],
  read: (rows: DestinationRow[]) => rows.map(readDestination),
});
