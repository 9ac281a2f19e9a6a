import type { RelationalStore } from '@app/store';
import type { AuditLog } from '../audit/create-audit-log.ts';
import type { AuditFact } from './facts.ts';

export type AskedAudit = {
  audit: Pick<RelationalStore['audit'], 'listAuditChains'>;
  auditLog: Pick<AuditLog, 'verify'>;
};

/** A longer chain is for `tokenrouter audit verify`: here somebody waits. */
const LINKS_MAX = 20_000;
const CHAINS_MAX = 20;

/** Whether the shorter audit chains are whole; undefined where none could be looked at. Never rejects. */
export async function readAudit({ audit, auditLog }: AskedAudit): Promise<AuditFact | undefined> {
  try {
    const chains = await audit.listAuditChains({ after: '' });
    const short = chains.filter(({ sequence }) => sequence <= LINKS_MAX).slice(0, CHAINS_MAX);
    const faults: string[] = [];
    // One after the other: several at once would hold up whoever asks for one of them.
    for (const { organizationId } of short) {
      const verified = await auditLog.verify(organizationId);
      for (const { message } of verified.faults) faults.push(`The audit chain ${organizationId}: ${message}`);
    }
    return chains.length === 0 ? undefined : { faults, leftOut: chains.length - short.length };
  } catch {
    return undefined;
  }
}
