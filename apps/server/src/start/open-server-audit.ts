import { lookup } from 'node:dns';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Schedule } from '@app/gateway';
import { Secret } from '@app/providers';
import type { Store } from '@app/store';
import type { Logger } from 'pino';
import { type AuditKeys, createAuditKeys } from '../audit/audit-keys.ts';
import { type AuditLog, createAuditLog } from '../audit/create-audit-log.ts';
import { openAnchors } from '../audit/open-anchors.ts';
import { type OpenAudit, openAudit } from '../audit/open-audit.ts';
import { openAnchorSending } from '../audit/send-anchors.ts';
import { createWebhookCarrier } from '../audit/streams/create-webhook-carrier.ts';
import { type Carrier, openAuditStream } from '../audit/streams/open-audit-stream.ts';
import { openSyslogCarrier } from '../audit/streams/open-syslog-carrier.ts';
import type { Config } from '../config.ts';
import { createPost, type Post } from '../destinations/create-post.ts';
import type { IdSource } from '../ids.ts';
import { openAuditUpkeep } from '../jobs/open-audit-upkeep.ts';
import { parseAllowedHosts } from '../outbound/allowed-hosts.ts';
import type { Resolve } from '../outbound/create-connector.ts';
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
    resolve,
    schedule,
  });
  await openCopies({ ...deps, keys, audit, post }, stack);
  openStreams({ ...deps, keys, audit, post }, stack);
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

/** The receivers that the operator named get every event of every chain. */
function openStreams({ config, store, audit, post, ...deps }: CopiesDeps, stack: ClosingStack): void {
  const { ids, schedule, log, serverId } = deps;
  const { webhook, syslog } = config.file.audit;
  const carriers: Carrier[] = [];
  if (webhook !== undefined) {
    const { url, secret } = webhook;
    carriers.push(createWebhookCarrier({ url, secret: new Secret(secret), post, nowMs: ids.nowMs }));
  }
  if (syslog !== undefined) {
    const { address, ca_file } = syslog;
    const allowedHosts = parseAllowedHosts(config.file.allow_private_hosts);
    const ca = ca_file === undefined ? undefined : readFileSync(ca_file, 'utf8');
    carriers.push(openSyslogCarrier({ address, ca, allowedHosts, resolve, hostname: hostname() }));
  }
  for (const carrier of carriers) {
    const { nowMs } = ids;
    const stream = openAuditStream({ audit: store.audit, carrier, holder: serverId, nowMs, schedule, log });
    audit.onAppended(stream.wake);
    stack.add(stream.close);
  }
}

/** Where signed copies of the ends of chains are kept. */
export function anchorsPathOf({ file, environment }: Pick<Config, 'file' | 'environment'>): string {
  return file.audit.anchors.file ?? join(environment.TOKENROUTER_DATA_DIR, 'audit-anchors.ndjson');
}

const resolve: Resolve = (host, done) => lookup(host, { all: true }, done);

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
