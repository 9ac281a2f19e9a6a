import { installationQuery } from '../query.ts';

export type StreamClaim = { name: string; holder: string; nowMs: number; untilMs: number };

/** Takes or keeps the right to bring chains to a receiver; false while another server has it. */
export const claimAuditStream = installationQuery({
  sql: `insert into audit_streams (name, holder, held_until) values ($1, $2, $4)
    on conflict (name) do update set holder = excluded.holder, held_until = excluded.held_until
      where audit_streams.holder is null or audit_streams.holder = $2 or audit_streams.held_until < $3
    returning name`,
  values: ({ name, holder, nowMs, untilMs }: StreamClaim) => [
    name,
    holder,
    new Date(nowMs),
    new Date(untilMs),
  ],
  read: (rows) => rows.length > 0,
});
