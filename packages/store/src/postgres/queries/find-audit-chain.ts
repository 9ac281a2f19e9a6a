import { type AuditChainRow, auditChainColumns, readAuditChain } from '../audit-chain-row.ts';
import { organizationQuery } from '../query.ts';

/** A chain as it stands. */
export const findAuditChain = organizationQuery({
  sql: `select ${auditChainColumns} from audit_chains where organization_id = $1`,
  values: () => [],
  read: ([row]: AuditChainRow[]) => row && readAuditChain(row),
});
