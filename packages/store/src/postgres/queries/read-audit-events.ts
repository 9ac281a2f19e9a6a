import { type AuditEventRow, auditEventColumns, readAuditEvent } from '../audit-event-row.ts';
import { organizationQuery } from '../query.ts';

/** Links after one, oldest first. */
export const readAuditEvents = organizationQuery({
  sql: `select ${auditEventColumns} from audit_events where organization_id = $1 and sequence > $2
    order by sequence, id limit $3`,
  values: ({ afterSequence, limit }: { afterSequence: number; limit: number }) => [afterSequence, limit],
  read: (rows: AuditEventRow[]) => rows.map(readAuditEvent),
});
