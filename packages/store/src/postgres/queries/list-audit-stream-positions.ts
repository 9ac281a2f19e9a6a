import { installationQuery } from '../query.ts';

/** Chains of which a receiver lacks something, with the last link that it has; at most 1,000. */
export const listAuditStreamPositions = installationQuery({
  sql: `select c.organization_id, coalesce(p.sequence, 0)::text sequence from audit_chains c
    left join audit_stream_positions p on p.organization_id = c.organization_id and p.name = $1
    where c.sequence > coalesce(p.sequence, 0) order by c.organization_id limit 1000`,
  values: ({ name }: { name: string }) => [name],
  read: (rows: { organization_id: string; sequence: string }[]) =>
    rows.map((row) => ({ organizationId: row.organization_id, sequence: Number(row.sequence) })),
});
