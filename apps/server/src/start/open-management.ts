import type { IngestStatus, SecurityReport } from '@app/contract';
import type { StoredNotice } from '@app/store';
import { createProjectRedactors } from '@app/tracing';
import type { FastifyInstance } from 'fastify';
import type { AuditLog } from '../audit/create-audit-log.ts';
import type { Credentials } from '../credentials/create-credentials.ts';
import type { Destinations } from '../destinations/create-destinations.ts';
import type { Deliver } from '../destinations/message.ts';
import type { Setup } from '../identity/create-setup.ts';
import { openKeys } from '../keys/open-keys.ts';
import { createLimitManagement } from '../limits/management/create-limit-management.ts';
import type { Mailer } from '../mail/mailer.ts';
import { createFindPrice } from '../prices/create-find-price.ts';
import { listOperations } from '../routes/api/list-operations.ts';
import { registerOperations } from '../routes/api/register-operations.ts';
import { mcpRoute } from '../routes/mcp/mcp-route.ts';
import { receiptKeyRoute } from '../routes/operations/receipt-key-route.ts';
import type { ClosingStack } from './closing-stack.ts';
import { openAlerts } from './open-alerts.ts';
import type { OpenLimits } from './open-limits.ts';
import { openLiveTail } from './open-live-tail.ts';
import { openMemberReminders, openMembers } from './open-members.ts';
import { openPeople, type PeopleDeps } from './open-people.ts';
import { type OpenRemappingsDeps, openRemappings } from './open-remappings.ts';
import { type OpenRepricingsDeps, openRepricings } from './open-repricings.ts';
import { type DataParts, openRetention } from './open-retention.ts';
import { readModels } from './read-models.ts';
import { readVersion } from './read-version.ts';

export type ManagementDeps = Pick<OpenRepricingsDeps, 'schedule' | 'serverId'> &
  Pick<OpenRemappingsDeps, 'contentKey'> &
  Omit<PeopleDeps, 'tenant'> & {
    /** Names private values; 32 bytes. */
    nameKey: Buffer;
    credentials: Credentials;
    dataParts: DataParts;
    ingestStatus: (projectId?: string) => IngestStatus;
    auditLog: AuditLog;
    destinations: Destinations;
    /** What the checks say of this deployment. */
    readReport: () => Promise<SecurityReport>;
    mailer: Mailer;
    /** Brings messages to destinations. */
    deliverMessage: Deliver;
    limits: Pick<OpenLimits, 'read' | 'flush'>;
    /** Brings to people what budgets have to tell. */
    deliver: (notice: StoredNotice) => void;
  };

export type Management = {
  setup: Setup;
  plugins: ((app: FastifyInstance) => void)[];
  /** Loads what only people need; calls are served meanwhile. */
  loadSignIn(): Promise<void>;
};

/** Sign-in, set-up and the management API. */
export async function openManagement(deps: ManagementDeps, stack: ClosingStack): Promise<Management> {
  const { store, clock, ids, digest, options } = deps;
  const { config, log } = options;
  const { nowMs } = clock;
  const { keys, tenant } = await openKeys({ config, store, digest, ids });
  const { signIn, setup, access, identity, tenancy } = openPeople({ ...deps, tenant }, stack);
  const { limits, budgets } = createLimitManagement({
    store,
    readCount: deps.limits.read,
    flush: deps.limits.flush,
    findLimit: deps.snapshot.findLimit,
    hasModel: (name) => deps.snapshot.findTargets(name, 'live').length > 0,
    deliver: deps.deliver,
    ids,
  });
  const people = { ...deps, log, url: options.publicUrl };
  const members = openMembers({ ...people, accounts: signIn.accounts, settings: config.file.sign_in });
  openMemberReminders(people, stack);
  const prices = openRepricings({ ...deps, config, log }, stack);
  const { data, receiptKey } = openRetention(
    { ...deps, ...deps.dataParts, keys, limits, budgets, config, log },
    stack,
  );
  const operations = listOperations({
    data,
    ...openAlerts({ ...deps, tenant, config, log }, stack),
    ...prices,
    ...openRemappings({ ...deps, config, log }, stack),
    ...members,
    identity: identity.operations,
    enterSession: access.enterSession,
    keys,
    credentials: deps.credentials,
    limits,
    budgets,
    destinations: deps.destinations,
    readReport: deps.readReport,
    setup,
    tenants: store.tenants,
    tenancy,
    traces: store.traces,
    findPrice: createFindPrice(readModels(config)),
    ids,
    redactorsOf: createProjectRedactors(deps.nameKey),
    ingestStatus: deps.ingestStatus,
    auditLog: deps.auditLog,
    nowMs,
    monotonicMs: clock.monotonicMs,
    follow: openLiveTail({ traces: store.traces, clock, schedule: deps.schedule }),
  });
  const mcp = { operations, access, audit: deps.audit, version: readVersion() };
  return {
    setup,
    plugins: [
      receiptKeyRoute(receiptKey),
      identity.routes,
      registerOperations({ operations, access, audit: deps.audit }),
      mcpRoute(mcp),
    ],
    loadSignIn: signIn.load,
  };
}
