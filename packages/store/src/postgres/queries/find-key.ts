import { type KeyRow, keyColumns, readKey } from '../key-row.ts';
import { projectQuery } from '../query.ts';

/** A key of the project by its id. */
export const findKey = projectQuery({
  sql: `select ${keyColumns} from api_keys where project_id = $1 and id = $2`,
  values: (key: { id: string }) => [key.id],
  read: ([row]: KeyRow[]) => (row === undefined ? undefined : readKey(row)),
});
