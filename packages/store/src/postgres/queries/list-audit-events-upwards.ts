import { type AuditEventRow, auditEventColumns, readAuditEvent } from '../audit-event-row.ts';
import { type AuditFilter, valuesOfFilter } from '../audit-filter.ts';
import { organizationQuery } from '../query.ts';

export type ListAuditEventsUpwards = AuditFilter & {
  afterSequence: number;
  upToSequence: number;
  limit: number;
};

/** Links between two, oldest first. */
export const listAuditEventsUpwards = organizationQuery({
  sql: `select ${auditEventColumns} from audit_events where organization_id = $1
      and sequence > $2 and sequence <= $3
      and ($4::text is null or action = $4) and ($5::text is null or outcome = $5)
      and ($6::text is null or actor_id = $6 or actor_label = $6)
      and ($7::text is null or target_id = $7) and ($8::text is null or project_id = $8)
      and ($9::text is null or ip = $9)
      and ($10::timestamptz is null or at >= $10) and ($11::timestamptz is null or at < $11)
    order by sequence limit $12`,
  values: (search: ListAuditEventsUpwards) => [
    search.afterSequence,
    search.upToSequence,
    ...valuesOfFilter(search),
    search.limit,
  ],
  read: (rows: AuditEventRow[]) => rows.map(readAuditEvent),
});
