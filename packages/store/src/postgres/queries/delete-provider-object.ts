import { projectQuery } from '../query.ts';

/** Forgets an object of the project. */
export const deleteProviderObject = projectQuery({
  sql: 'delete from provider_objects where project_id = $1 and object_id = $2 and kind = $3',
  values: (object: { id: string; kind: 'file' | 'batch' }) => [object.id, object.kind],
  read: () => undefined,
});
