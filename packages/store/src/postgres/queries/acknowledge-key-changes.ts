import { installationQuery } from '../query.ts';

/**
 * Says that a server lives and has applied every key change up to `sequence`. Whoever waits is notified only when
 * something became newer.
 */
export const acknowledgeKeyChanges = installationQuery({
  sql: `with before as (select sequence from live_servers where id = $1),
    written as (
      insert into live_servers (id, sequence, seen_at) values ($1, $2, now())
      on conflict (id) do update set sequence = greatest(live_servers.sequence, excluded.sequence), seen_at = now()
      returning sequence
    )
    select pg_notify('tr_acknowledged', written.sequence::text) from written left join before on true
    where before.sequence is null or before.sequence < written.sequence`,
  values: (input: { serverId: string; sequence: number }) => [input.serverId, input.sequence],
  read: () => undefined,
});
