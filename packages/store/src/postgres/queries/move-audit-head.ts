import type { StoredAuditChain } from '../audit-chain-row.ts';
import { organizationQuery } from '../query.ts';

export type AuditHead = Pick<StoredAuditChain, 'sequence' | 'mac' | 'headMac'>;

/** Says which link is the newest now. */
export const moveAuditHead = organizationQuery({
  sql: 'update audit_chains set sequence = $2, mac = $3, head_mac = $4 where organization_id = $1',
  values: ({ sequence, mac, headMac }: AuditHead) => [sequence, mac, headMac],
  read: () => undefined,
});
