import { installationQuery } from '../query.ts';

/** Ends what servers were at work on that are gone: neither this one nor seen lately. Gives how many there were. */
export const failInterruptedResponses = installationQuery({
  sql: `update stored_responses r set status = 'failed'
    where r.status in ('queued', 'in_progress') and r.server_id <> $1 and not exists (
      select from live_servers s
      where s.id = r.server_id and s.seen_at > now() - $2 * interval '1 millisecond'
    ) returning r.id`,
  values: (server: { serverId: string; seenWithinMs: number }) => [server.serverId, server.seenWithinMs],
  read: (rows) => rows.length,
});
