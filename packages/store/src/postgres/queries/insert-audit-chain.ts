import {
  type AuditChainRow,
  auditChainColumns,
  readAuditChain,
  type StoredAuditChain,
} from '../audit-chain-row.ts';
import { installationQuery } from '../query.ts';

export type NewAuditChain = Pick<StoredAuditChain, 'organizationId' | 'sealedKey' | 'mac' | 'headMac'> & {
  createdAtMs: number;
};

/** Begins a chain unless there is one, and answers with the one that is kept: servers that begin at once agree. */
export const insertAuditChain = installationQuery({
  sql: `insert into audit_chains (organization_id, sealed_key, mac, head_mac, created_at) values ($1, $2, $3, $4, $5)
    on conflict (organization_id) do update set organization_id = excluded.organization_id
    returning ${auditChainColumns}`,
  values: (chain: NewAuditChain) => [
    chain.organizationId,
    chain.sealedKey,
    chain.mac,
    chain.headMac,
    new Date(chain.createdAtMs),
  ],
  read: ([row]: AuditChainRow[]) => {
    if (row === undefined) throw new Error('PostgreSQL kept a chain without returning it.');
    return readAuditChain(row);
  },
});
