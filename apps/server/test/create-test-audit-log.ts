import type { RelationalStore } from '@app/store';
import { createAuditKeys } from '../src/audit/audit-keys.ts';
import { type AuditLog, createAuditLog } from '../src/audit/create-audit-log.ts';

/** What is read of audit chains, without signed copies. */
export function createTestAuditLog({ audit }: Pick<RelationalStore, 'audit'>): AuditLog {
  const keys = createAuditKeys(Buffer.alloc(32, 3));
  return createAuditLog({
    audit,
    keys,
    anchorsPath: '/nonexistent/audit-anchors.ndjson',
    nowMs: () => Date.now(),
  });
}
