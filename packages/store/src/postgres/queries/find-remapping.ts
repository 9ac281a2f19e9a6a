import { projectQuery } from '../query.ts';
import { type RemappingRow, readRemapping, remappingColumns } from '../remapping-row.ts';

/** One of a project's, whether it runs or is over. */
export const findRemapping = projectQuery({
  sql: `select ${remappingColumns} from remappings where project_id = $1 and id = $2`,
  values: ({ id }: { id: string }) => [id],
  read: ([row]: RemappingRow[]) => (row === undefined ? undefined : readRemapping(row)),
});
