import { type OwnedFilter, ownedBy, ownedValues } from '../owned-rows.ts';
import { projectQuery } from '../query.ts';

/** Deletes replies whose calls said that they are meant, `limit` at most, and gives how many there were. */
export const deleteOwnedResponses = projectQuery({
  sql: `delete from stored_responses where ctid = any(array(
      select ctid from stored_responses r where project_id = $1 and ${ownedBy('r', 'r.created_at', 3)} limit $2
    )) returning id`,
  values: ({ limit, ...filter }: OwnedFilter & { limit: number }) => [limit, ...ownedValues(filter)],
  read: (rows) => rows.length,
});
