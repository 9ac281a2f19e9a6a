import { organizationQuery } from '../query.ts';

/** The names of an organization's keys, by id. */
export const findKeyNames = organizationQuery({
  sql: 'select id, name from api_keys where organization_id = $1 and id = any($2::text[])',
  values: ({ ids }: { ids: readonly string[] }) => [ids],
  read: (rows: { id: string; name: string }[]): ReadonlyMap<string, string> =>
    new Map(rows.map(({ id, name }) => [id, name])),
});
