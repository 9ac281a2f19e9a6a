import { existsSync } from 'node:fs';
import type { RelationalStore } from '@app/store';
import { createAuditKeys } from '../audit/audit-keys.ts';
import { createAuditLog } from '../audit/create-audit-log.ts';
import type { Variables } from '../config/resolve-references.ts';
import type { Config } from '../config.ts';
import { loadSharedSecrets } from '../start/load-shared-secrets.ts';
import { findMasterKey } from '../start/open-secrets.ts';
import { anchorsPathOf } from '../start/open-server-audit.ts';
import type { AuditFact } from './facts.ts';
import { ownKeyPath } from './list-files.ts';
import { readAudit } from './read-audit.ts';

/** The audit chains as a command sees them: undefined without the master key, and before the first chain. Never rejects. */
export async function readOwnAudit(
  config: Config,
  variables: Variables,
  store: Pick<RelationalStore, 'audit' | 'secrets'>,
): Promise<AuditFact | undefined> {
  try {
    // Asked for where there is none, one would be made: a check makes nothing.
    if (!hasMasterKey(config, variables)) return undefined;
    if ((await store.audit.listAuditChains({ after: '' })).length === 0) return undefined;
    const master = await findMasterKey(config, variables);
    const { auditKey } = await loadSharedSecrets(store.secrets, master.key, Date.now());
    const auditLog = createAuditLog({
      audit: store.audit,
      keys: createAuditKeys(auditKey),
      anchorsPath: anchorsPathOf(config),
      nowMs: Date.now,
    });
    return await readAudit({ audit: store.audit, auditLog });
  } catch {
    return undefined;
  }
}

function hasMasterKey({ environment }: Config, variables: Variables): boolean {
  const named = [
    environment.TOKENROUTER_MASTER_KEY,
    environment.TOKENROUTER_MASTER_KEY_REF,
    environment.TOKENROUTER_MASTER_KEY_WRAPPED,
  ];
  return named.some((value) => value !== undefined) || existsSync(ownKeyPath(environment, variables));
}
