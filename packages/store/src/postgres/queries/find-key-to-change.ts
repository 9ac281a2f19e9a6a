import { type KeyRow, keyColumns, readKey } from '../key-row.ts';
import { projectQuery } from '../query.ts';

/** A key of the project with the number of its last change, by which a later write tells that it is still the same. */
export const findKeyToChange = projectQuery({
  sql: `select ${keyColumns}, sequence from api_keys where project_id = $1 and id = $2`,
  values: (key: { id: string }) => [key.id],
  read: ([row]: (KeyRow & { sequence: string })[]) =>
    row === undefined ? undefined : { key: readKey(row), sequence: Number(row.sequence) },
});
