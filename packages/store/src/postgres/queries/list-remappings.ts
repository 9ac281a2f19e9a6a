import { projectQuery } from '../query.ts';
import { type RemappingRow, readRemapping, remappingColumns } from '../remapping-row.ts';

/** A project's newest. */
export const listRemappings = projectQuery({
  sql: `select ${remappingColumns} from remappings where project_id = $1 order by created_at desc, id desc limit $2`,
  values: ({ limit }: { limit: number }) => [limit],
  read: (rows: RemappingRow[]) => rows.map(readRemapping),
});
