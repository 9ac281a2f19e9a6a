import { type ProviderObjectRow, providerObjectColumns, readProviderObject } from '../provider-object-row.ts';
import { projectQuery } from '../query.ts';

export type ProviderObjectSearch = {
  kind: 'file' | 'batch';
  purpose: string | undefined;
  after: string | undefined;
  limit: number;
  order: 'asc' | 'desc';
};

const LIMIT_MAX = 1_000;

/** A page of the project's objects; after an id that is not among them comes nothing. */
export const listProviderObjects = projectQuery({
  sql: `select ${providerObjectColumns} from provider_objects where project_id = $1 and kind = $2
      and ($3::text is null or purpose = $3)
      and ($4::text is null
        or ($5 and (created_at, object_id) > (select a.created_at, a.object_id from provider_objects a
          where a.project_id = $1 and a.kind = $2 and a.object_id = $4 limit 1))
        or (not $5 and (created_at, object_id) < (select a.created_at, a.object_id from provider_objects a
          where a.project_id = $1 and a.kind = $2 and a.object_id = $4 limit 1)))
    order by case when $5 then created_at end asc, case when $5 then object_id end asc,
      created_at desc, object_id desc
    limit $6`,
  values: (search: ProviderObjectSearch) => [
    search.kind,
    search.purpose,
    search.after,
    search.order === 'asc',
    Math.min(Math.max(Math.trunc(search.limit), 1), LIMIT_MAX),
  ],
  read: (rows: ProviderObjectRow[]) => rows.map(readProviderObject),
});
