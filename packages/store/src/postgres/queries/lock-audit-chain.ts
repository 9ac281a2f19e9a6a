import { type AuditChainRow, auditChainColumns, readAuditChain } from '../audit-chain-row.ts';
import { organizationQuery } from '../query.ts';

/** A chain as it stands, held until the transaction ends: links are added one batch after the other. */
export const lockAuditChain = organizationQuery({
  sql: `select ${auditChainColumns} from audit_chains where organization_id = $1 for update`,
  values: () => [],
  read: ([row]: AuditChainRow[]) => row && readAuditChain(row),
});
