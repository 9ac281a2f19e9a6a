import { type AuditEventRow, auditEventColumns, readAuditEvent } from '../audit-event-row.ts';
import { type AuditFilter, valuesOfFilter } from '../audit-filter.ts';
import { organizationQuery } from '../query.ts';

export type ListAuditEvents = AuditFilter & {
  limit: number;
  /** Only links before this one, newest first. */
  beforeSequence?: number | undefined;
};

/** A page of a chain, newest first. A page begins after the last link seen, so that new ones never shift it. */
export const listAuditEvents = organizationQuery({
  sql: `select ${auditEventColumns} from audit_events where organization_id = $1
      and ($2::bigint is null or sequence < $2)
      and ($3::text is null or action = $3) and ($4::text is null or outcome = $4)
      and ($5::text is null or actor_id = $5 or actor_label = $5)
      and ($6::text is null or target_id = $6) and ($7::text is null or project_id = $7)
      and ($8::text is null or ip = $8)
      and ($9::timestamptz is null or at >= $9) and ($10::timestamptz is null or at < $10)
    order by sequence desc limit $11`,
  values: (search: ListAuditEvents) => [
    search.beforeSequence ?? null,
    ...valuesOfFilter(search),
    search.limit,
  ],
  read: (rows: AuditEventRow[]) => rows.map(readAuditEvent),
});
