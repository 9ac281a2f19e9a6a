import { projectQuery } from '../query.ts';

export type ResponseExpiry = { keptMs: number | undefined; limit: number };

/** Gives a project's replies the time that it decided on, undefined for ever; how many there were that had another one. */
export const setResponseExpiry = projectQuery({
  sql: `update stored_responses set
      expires_at = case when $2::bigint is null then 'infinity' else created_at + $2 * interval '1 millisecond' end
    where ctid = any(array(
      select ctid from stored_responses where project_id = $1 and expires_at is distinct from
        case when $2::bigint is null then 'infinity' else created_at + $2 * interval '1 millisecond' end limit $3
    )) returning id`,
  values: ({ keptMs, limit }: ResponseExpiry) => [keptMs, limit],
  read: (rows) => rows.length,
});
