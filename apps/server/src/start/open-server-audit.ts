import type { Schedule } from '@app/gateway';
import type { Store } from '@app/store';
import type { Logger } from 'pino';
import { createAuditKeys } from '../audit/audit-keys.ts';
import { type OpenAudit, openAudit } from '../audit/open-audit.ts';
import type { Config } from '../config.ts';
import type { IdSource } from '../ids.ts';
import type { ClosingStack } from './closing-stack.ts';
import type { OpenSecrets } from './open-secrets.ts';
import { readVersion } from './read-version.ts';

export type ServerAuditDeps = {
  config: Config;
  store: Pick<Store, 'audit'>;
  secrets: Pick<OpenSecrets, 'dataKeys'>;
  /** What the master key wraps for the audit chains; 32 bytes. */
  auditKey: Buffer;
  serverId: string;
  ids: IdSource;
  schedule: Schedule;
  log: Logger;
};

/** The audit chains of a server, with what copies and sends them out. */
export async function openServerAudit(deps: ServerAuditDeps, stack: ClosingStack): Promise<OpenAudit> {
  const { config, store, ids, schedule, log } = deps;
  const keys = createAuditKeys(deps.auditKey);
  const audit = await openAudit({
    audit: store.audit,
    keys,
    dataDir: config.environment.TOKENROUTER_DATA_DIR,
    spoolKey: deps.secrets.dataKeys.spool,
    processName: `server-${deps.serverId}`,
    required: config.file.audit.required,
    ids,
    schedule,
    log,
  });
  stack.add(audit.close);
  await audit.record({
    action: 'server.start',
    actor: { kind: 'server', id: deps.serverId },
    after: { version: readVersion(), mode: config.mode },
  });
  return audit;
}
