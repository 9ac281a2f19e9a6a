import { installationQuery } from '../query.ts';

/** A server that stops says so, and nobody waits for it any more. Servers not seen for a day go with it. */
export const deleteServer = installationQuery({
  sql: `with gone as (
      delete from live_servers where id = $1 or seen_at < now() - interval '1 day' returning id
    )
    select pg_notify('tr_acknowledged', count(*)::text) from gone`,
  values: (input: { serverId: string }) => [input.serverId],
  read: () => undefined,
});
