import { projectQuery } from '../query.ts';

/** True for the first to ask, who may charge what the object used. */
export const chargeProviderObject = projectQuery({
  sql: `update provider_objects set charged_at = $4
    where project_id = $1 and object_id = $2 and kind = $3 and charged_at is null returning object_id`,
  values: (object: { id: string; kind: 'file' | 'batch'; atMs: number }) => [
    object.id,
    object.kind,
    new Date(object.atMs),
  ],
  read: (rows: { object_id: string }[]) => rows.length > 0,
});
