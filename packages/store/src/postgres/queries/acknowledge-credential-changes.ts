import { installationQuery } from '../query.ts';

/**
 * Says that a server lives and has applied every change of providers' keys up to `sequence`. Whoever waits is notified
 * only when something became newer. A server that is not known yet has applied no change of API keys.
 */
export const acknowledgeCredentialChanges = installationQuery({
  sql: `with before as (select credential_sequence as sequence from live_servers where id = $1),
    written as (
      insert into live_servers (id, sequence, credential_sequence, seen_at) values ($1, 0, $2, now())
      on conflict (id) do update set
        credential_sequence = greatest(live_servers.credential_sequence, excluded.credential_sequence), seen_at = now()
      returning credential_sequence as sequence
    )
    select pg_notify('tr_acknowledged', written.sequence::text) from written left join before on true
    where before.sequence is null or before.sequence < written.sequence`,
  values: (input: { serverId: string; sequence: number }) => [input.serverId, input.sequence],
  read: () => undefined,
});
