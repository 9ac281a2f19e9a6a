import { type ProviderObjectRow, providerObjectColumns, readProviderObject } from '../provider-object-row.ts';
import { projectQuery } from '../query.ts';

/** An object of the project by its id; the newest where two providers gave the same one. */
export const findProviderObject = projectQuery({
  sql: `select ${providerObjectColumns} from provider_objects
    where project_id = $1 and object_id = $2 and kind = $3 order by created_at desc limit 1`,
  values: (object: { id: string; kind: 'file' | 'batch' }) => [object.id, object.kind],
  read: ([row]: ProviderObjectRow[]) => (row === undefined ? undefined : readProviderObject(row)),
});
