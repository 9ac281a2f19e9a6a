import {
  type DestinationRow,
  destinationColumns,
  readDestination,
  type StoredDestination,
} from '../destination-row.ts';
import { organizationQuery } from '../query.ts';

export type InsertDestination = Omit<StoredDestination, 'organizationId' | 'lastDelivery'> & {
  /** How many an organization may have. */
  max: number;
};

/** `undefined` when the organization has that many. Throws `StoreError` `conflict` when the name is taken. */
export const insertDestination = organizationQuery({
  sql: `insert into destinations (organization_id, id, name, kind, target, sealed, budget_notices, created_at, created_by)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9
    where (select count(*) from destinations where organization_id = $1) < $10
    returning ${destinationColumns}`,
  values: (given: InsertDestination) => [
    given.id,
    given.name,
    given.kind,
    given.target,
    given.sealed,
    given.budgetNotices,
    new Date(given.createdAtMs),
    given.createdBy,
    given.max,
  ],
  read: ([row]: DestinationRow[]) => (row === undefined ? undefined : readDestination(row)),
});
