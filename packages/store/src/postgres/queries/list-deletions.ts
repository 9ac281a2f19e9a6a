import { type DeletionRow, deletionColumns, readDeletion } from '../deletion-row.ts';
import { projectQuery } from '../query.ts';

/** A project's newest; `before` names the last one of the page before. */
export const listDeletions = projectQuery({
  sql: `select ${deletionColumns} from deletions where project_id = $1
      and ($2::text is null or (requested_at, id) < (select requested_at, id from deletions where project_id = $1 and id = $2))
    order by requested_at desc, id desc limit $3`,
  values: ({ before, limit }: { before: string | undefined; limit: number }) => [before, limit],
  read: (rows: DeletionRow[]) => rows.map(readDeletion),
});
