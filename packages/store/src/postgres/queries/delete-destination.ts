import { type DestinationRow, destinationColumns, readDestination } from '../destination-row.ts';
import { organizationQuery } from '../query.ts';

/** `undefined` when the organization has no such destination. */
export const deleteDestination = organizationQuery({
  sql: `delete from destinations where organization_id = $1 and id = $2 returning ${destinationColumns}`,
  values: ({ id }: { id: string }) => [id],
  read: ([row]: DestinationRow[]) => (row === undefined ? undefined : readDestination(row)),
});
