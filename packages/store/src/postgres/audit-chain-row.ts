/** A chain and its newest link. */
export type StoredAuditChain = {
  organizationId: string;
  sealedKey: Buffer;
  /** 0 while it is empty. */
  sequence: number;
  mac: Buffer;
  /** Proves that the head is what its chain's key said. */
  headMac: Buffer;
  /** The newest link of which a signed copy left the database. */
  anchoredSequence: number;
};

export type AuditChainRow = {
  organization_id: string;
  sealed_key: Buffer;
  sequence: string;
  mac: Buffer;
  head_mac: Buffer;
  anchored_sequence: string;
};

export const auditChainColumns = 'organization_id, sealed_key, sequence, mac, head_mac, anchored_sequence';

export function readAuditChain(row: AuditChainRow): StoredAuditChain {
  return {
    organizationId: row.organization_id,
    sealedKey: row.sealed_key,
    sequence: Number(row.sequence),
    mac: row.mac,
    headMac: row.head_mac,
    anchoredSequence: Number(row.anchored_sequence),
  };
}
