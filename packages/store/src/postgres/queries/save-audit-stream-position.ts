import { installationQuery } from '../query.ts';

export type StreamPosition = { name: string; holder: string; organizationId: string; sequence: number };

/** Remembers the last link that a receiver has, unless another server brings them by now. */
export const saveAuditStreamPosition = installationQuery({
  sql: `insert into audit_stream_positions (name, organization_id, sequence)
    select s.name, $3, $4 from audit_streams s where s.name = $1 and s.holder = $2
    on conflict (name, organization_id) do update set sequence = excluded.sequence
    returning name`,
  values: ({ name, holder, organizationId, sequence }: StreamPosition) => [
    name,
    holder,
    organizationId,
    sequence,
  ],
  read: (rows) => rows.length > 0,
});
