import { projectQuery } from '../query.ts';

/** Those of these ids that are files of the project, with who keeps them. */
export const findProviderFiles = projectQuery({
  sql: `select object_id, provider_id from provider_objects
    where project_id = $1 and object_id = any($2::text[]) and kind = 'file'`,
  values: (files: { ids: readonly string[] }) => [files.ids],
  read: (rows: { object_id: string; provider_id: string }[]) =>
    rows.map((row) => ({ id: row.object_id, providerId: row.provider_id })),
});
