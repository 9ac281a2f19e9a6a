import { installationQuery } from '../query.ts';

/** The servers that were seen lately, by id. */
export const listLiveServers = installationQuery({
  sql: `select id from live_servers where seen_at > now() - $1 * interval '1 millisecond' order by id`,
  values: (servers: { seenWithinMs: number }) => [servers.seenWithinMs],
  read: (rows: { id: string }[]) => rows.map(({ id }) => id),
});
