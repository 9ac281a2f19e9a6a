import { type AuditEventRow, auditEventColumns, readAuditEvent } from '../audit-event-row.ts';
import { organizationQuery } from '../query.ts';

/** The newest link that says from where a chain begins since its beginning was taken out. */
export const findAuditPrune = organizationQuery({
  sql: `select ${auditEventColumns} from audit_events
    where organization_id = $1 and action = 'audit.prune' and outcome = 'done' order by sequence desc limit 1`,
  values: () => [],
  read: ([row]: AuditEventRow[]) => row && readAuditEvent(row),
});
