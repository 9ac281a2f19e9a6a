import { lookup } from 'node:dns';
import { join } from 'node:path';
import type { Schedule } from '@app/gateway';
import type { Store } from '@app/store';
import type { Logger } from 'pino';
import { type AuditKeys, createAuditKeys } from '../audit/audit-keys.ts';
import { type AuditLog, createAuditLog } from '../audit/create-audit-log.ts';
import { openAnchors } from '../audit/open-anchors.ts';
import { type OpenAudit, openAudit } from '../audit/open-audit.ts';
import { openAnchorSending } from '../audit/send-anchors.ts';
import type { Config } from '../config.ts';
import { createPost, type Post } from '../destinations/create-post.ts';
import type { IdSource } from '../ids.ts';
import { openAuditUpkeep } from '../jobs/open-audit-upkeep.ts';
import { parseAllowedHosts } from '../outbound/allowed-hosts.ts';
import type { ClosingStack } from './closing-stack.ts';
import { readVersion } from './read-version.ts';

export type ServerAuditDeps = {
  config: Config;
  store: Pick<Store, 'audit'>;
  /** What the master key wraps for the audit chains; 32 bytes. */
  auditKey: Buffer;
  serverId: string;
  ids: IdSource;
  schedule: Schedule;
  log: Logger;
};

export type OpenServerAudit = {
  audit: OpenAudit;
  auditLog: AuditLog;
  auditKeys: AuditKeys;
};

/** The audit chains of a server, with what copies and sends them out. */
export async function openServerAudit(deps: ServerAuditDeps, stack: ClosingStack): Promise<OpenServerAudit> {
  const { config, store, ids, schedule, log } = deps;
  const keys = createAuditKeys(deps.auditKey);
  const audit = await openAudit({
    audit: store.audit,
    keys,
    dataDir: config.environment.TOKENROUTER_DATA_DIR,
    processName: `server-${deps.serverId}`,
    required: config.file.audit.required,
    ids,
    schedule,
    log,
  });
  const post = createPost({
    allowedHosts: parseAllowedHosts(config.file.allow_private_hosts),
    resolve: (host, done) => lookup(host, { all: true }, done),
    schedule,
  });
  await openCopies({ ...deps, keys, audit, post }, stack);
  // Closed before the copies, so that they have its last event too.
  stack.add(audit.close);
  const upkeep = openAuditUpkeep({
    audit: store.audit,
    keys,
    ...audit,
    keepDays: config.file.audit.keep_days,
    ids,
    schedule,
    onWarning: (message, error) => log.warn({ err: error }, message),
  });
  stack.add(upkeep.close);
  await audit.record({
    action: 'server.start',
    actor: { kind: 'server', id: deps.serverId },
    after: { version: readVersion(), mode: config.mode },
  });
  const anchorsPath = anchorsPathOf(config);
  const auditLog = createAuditLog({ audit: store.audit, keys, anchorsPath, nowMs: ids.nowMs });
  return { audit, auditLog, auditKeys: keys };
}

/** Where signed copies of the ends of chains are kept. */
export function anchorsPathOf({ file, environment }: Pick<Config, 'file' | 'environment'>): string {
  return file.audit.anchors.file ?? join(environment.TOKENROUTER_DATA_DIR, 'audit-anchors.ndjson');
}

type CopiesDeps = ServerAuditDeps & { keys: AuditKeys; audit: OpenAudit; post: Post };

async function openCopies({ keys, audit, post, ...deps }: CopiesDeps, stack: ClosingStack): Promise<void> {
  const { config, store, ids, schedule, log } = deps;
  const { every_events, every_minutes, webhook } = config.file.audit.anchors;
  const sending =
    webhook === undefined ? undefined : openAnchorSending({ url: webhook, post, schedule, log });
  if (sending !== undefined) stack.add(sending.close);
  const anchors = await openAnchors({
    audit: store.audit,
    keys,
    getChainKey: audit.getChainKey,
    path: anchorsPathOf(config),
    everyEvents: every_events,
    everyMs: every_minutes * 60_000,
    send: sending?.send,
    nowMs: ids.nowMs,
    schedule,
    log,
  });
  audit.onAppended(anchors.note);
  stack.add(anchors.close);
}
