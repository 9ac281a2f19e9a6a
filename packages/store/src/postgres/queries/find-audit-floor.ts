import { type AuditEventRow, auditEventColumns, readAuditEvent } from '../audit-event-row.ts';
import { organizationQuery } from '../query.ts';

/** The first link that is not older than a time: what stays when everything before is taken out. */
export const findAuditFloor = organizationQuery({
  sql: `select ${auditEventColumns} from audit_events where organization_id = $1 and at >= $2
    order by sequence limit 1`,
  values: ({ sinceMs }: { sinceMs: number }) => [new Date(sinceMs)],
  read: ([row]: AuditEventRow[]) => row && readAuditEvent(row),
});
