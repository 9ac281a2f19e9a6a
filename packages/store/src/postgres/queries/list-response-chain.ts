import { projectQuery } from '../query.ts';
import type { StoredMode } from '../stored-response-row.ts';

/** One turn of a chain: its size in bytes as it is kept, and the turn before it. */
export type ChainLink = { id: string; previousId: string | undefined; bytes: number };

export type ChainWanted = { mode: StoredMode; id: string; depthMax: number; bytesMax: number; nowMs: number };

type Row = { id: string; previous_id: string | null; bytes: number };

/**
 * A response and the turns before it, the newest first, without what they say. It ends at the first turn, at one that is
 * gone, or where it exceeds a bound: then its last link still names a turn before it.
 */
export const listResponseChain = projectQuery({
  sql: `with recursive chain as (
      select id, previous_id, octet_length(sealed) as bytes, 1 as depth, octet_length(sealed)::bigint as total
      from stored_responses
      where project_id = $1 and mode = $2 and id = $3 and expires_at > $6
      union all
      select r.id, r.previous_id, octet_length(r.sealed), chain.depth + 1, chain.total + octet_length(r.sealed)
      from chain join stored_responses r on r.project_id = $1 and r.mode = $2 and r.id = chain.previous_id
      where chain.depth < $4 and chain.total <= $5 and r.expires_at > $6
    )
    select id, previous_id, bytes from chain order by depth`,
  values: ({ mode, id, depthMax, bytesMax, nowMs }: ChainWanted) => [
    mode,
    id,
    depthMax,
    bytesMax,
    new Date(nowMs),
  ],
  read: (rows: Row[]): ChainLink[] =>
    rows.map(({ id, previous_id, bytes }) => ({ id, previousId: previous_id ?? undefined, bytes })),
});
