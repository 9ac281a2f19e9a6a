import { type DestinationRow, destinationColumns, readDestination } from '../destination-row.ts';
import { organizationQuery } from '../query.ts';

/** What is absent stays as it is. */
export type UpdateDestination = {
  id: string;
  name?: string | undefined;
  budgetNotices?: boolean | undefined;
  /** Another address, sealed, with what people are shown of it. */
  address?: { sealed: Buffer; target: string } | undefined;
};

/** `undefined` when the organization has no such destination. Throws `StoreError` `conflict` when the name is taken. */
export const updateDestination = organizationQuery({
  sql: `update destinations set
      name = coalesce($3, name),
      budget_notices = coalesce($4, budget_notices),
      sealed = coalesce($5, sealed),
      target = coalesce($6, target)
    where organization_id = $1 and id = $2
    returning ${destinationColumns}`,
  values: ({ id, name, budgetNotices, address }: UpdateDestination) => [
    id,
    name,
    budgetNotices,
    address?.sealed,
    address?.target,
  ],
  read: ([row]: DestinationRow[]) => (row === undefined ? undefined : readDestination(row)),
});
