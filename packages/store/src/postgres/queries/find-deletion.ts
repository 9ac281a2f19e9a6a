import { type DeletionRow, deletionColumns, readDeletion } from '../deletion-row.ts';
import { projectQuery } from '../query.ts';

/** One of a project's, whether it waits, runs or is over. */
export const findDeletion = projectQuery({
  sql: `select ${deletionColumns} from deletions where project_id = $1 and id = $2`,
  values: ({ id }: { id: string }) => [id],
  read: ([row]: DeletionRow[]) => (row === undefined ? undefined : readDeletion(row)),
});
