import { type AuditChainRow, auditChainColumns, readAuditChain } from '../audit-chain-row.ts';
import { installationQuery } from '../query.ts';

/** Chains after one, by the id of their organization; at most 1,000. */
export const listAuditChains = installationQuery({
  sql: `select ${auditChainColumns} from audit_chains where organization_id > $1 order by organization_id limit 1000`,
  values: ({ after }: { after: string }) => [after],
  read: (rows: AuditChainRow[]) => rows.map(readAuditChain),
});
