import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { RelationalStore } from '@app/store';
import type { AuditEntry, NewAuditActor, NewAuditEvent } from '../audit/audit.ts';
import { type AuditKeys, createAuditKeys } from '../audit/audit-keys.ts';
import { type OpenAudit, openAudit } from '../audit/open-audit.ts';
import type { Config } from '../config.ts';
import { type IdSource, newId } from '../ids.ts';
import { loadSharedSecrets } from '../start/load-shared-secrets.ts';
import { findMasterKey } from '../start/open-secrets.ts';
import { schedule } from '../start/schedule.ts';
import type { CliChange } from './find-cli-change.ts';
import type { CliStore } from './open-cli-store.ts';
import type { World } from './world.ts';

/**
 * Runs a command and writes down what it changes, by the account of the machine. The store that it opens stays open until
 * its outcome is known, and the chain has it.
 */
export async function auditCommand(
  change: CliChange,
  world: World,
  run: (world: World) => Promise<number>,
): Promise<number> {
  let end = async (_status: number) => {};
  const keepStore: NonNullable<World['keepStore']> = async (opened, config) => {
    const begun = await begin({ change, opened, config, world });
    end = async (status) => {
      await begun?.end(status);
      await opened.close();
    };
    return { ...opened, close: async () => undefined };
  };
  try {
    const status = await run({ ...world, keepStore });
    await end(status);
    return status;
  } catch (error) {
    await end(1);
    throw error;
  }
}

type Begin = { change: CliChange; opened: CliStore; config: Config; world: World };

/** Undefined where it cannot be written down and need not be. */
async function begin({ change, opened, config, world }: Begin) {
  try {
    const { audit, close } = await openCliAudit({ store: opened.store, config, world });
    const event = await eventOf(change, opened.store);
    const entry = await audit.begin(event).catch(async (error: unknown) => {
      await close();
      throw error;
    });
    return { end: (status: number) => finish({ entry, event, status }).finally(close) };
  } catch (error) {
    if (config.file.audit.required) {
      await opened.close();
      throw error;
    }
    const reason = error instanceof Error ? error.message : String(error);
    world.warn(`This is not written down in the audit log: ${reason}\n`);
    return undefined;
  }
}

type Finish = { entry: AuditEntry; event: NewAuditEvent; status: number };

const finish = ({ entry, event, status }: Finish): Promise<void> =>
  status === 0 ? entry.done(event) : entry.failed(`The command ended with status ${status}.`);

async function eventOf(change: CliChange, { tenants }: RelationalStore): Promise<NewAuditEvent> {
  const { action, target, project: name, command } = change;
  const told = { action, target, actor: operator(), after: { command } };
  if (change.organization === undefined) return told;
  const organization = await tenants.findOrganization({ name: change.organization });
  const inside =
    organization === undefined || name === undefined
      ? undefined
      : await tenants.findProjectBySlug(organization.id, { slug: name });
  const project = inside ?? (name === undefined ? undefined : await tenants.findProject(name));
  return { ...told, organizationId: project?.organizationId ?? organization?.id, projectId: project?.id };
}

/** Whoever runs a command on the machine itself, by its account there. */
export function operator(): NewAuditActor {
  return { kind: 'operator', label: accountName() };
}

/** In a container the user may have a number and no name. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

type CliAuditDeps = { store: RelationalStore; config: Config; world: Pick<World, 'variables' | 'warn'> };

/** The audit chains for a command. What it writes down waits in the data folder, where there is one. */
export async function openCliAudit({
  store,
  config,
  world,
}: CliAuditDeps): Promise<{ audit: OpenAudit; keys: AuditKeys; ids: IdSource; close(): Promise<void> }> {
  const ids = { nowMs: () => Date.now(), randomBytes };
  const master = await findMasterKey(config, world.variables);
  const { auditKey } = await loadSharedSecrets(store.secrets, master.key, ids.nowMs());
  const keys = createAuditKeys(auditKey);
  const own = config.environment.TOKENROUTER_DATA_DIR;
  const hasFolder = existsSync(own);
  const dataDir = hasFolder ? own : await mkdtemp(join(tmpdir(), 'tokenrouter-audit-'));
  const silent = () => undefined;
  const audit = await openAudit({
    audit: store.audit,
    keys,
    dataDir,
    processName: newId('cli_', ids),
    required: config.file.audit.required,
    ids,
    schedule,
    log: { info: silent, warn: silent, error: (_fields, message) => world.warn(`${message}\n`) },
  });
  const close = async () => {
    await audit.close();
    if (!hasFolder) await rm(dataDir, { recursive: true, force: true });
  };
  return { audit, keys, ids, close };
}
