import { installationQuery } from '../query.ts';

/** How many servers that live have not answered a round. */
export const countUnansweredRounds = installationQuery({
  sql: `select count(*) as servers from live_servers
    where seen_at > now() - $2 * interval '1 millisecond' and coalesce(data_round, 0) < $1`,
  values: ({ round, seenWithinMs }: { round: number; seenWithinMs: number }) => [round, seenWithinMs],
  read: ([row]: { servers: string }[]) => Number(row?.servers ?? 0),
});
