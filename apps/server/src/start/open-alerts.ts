import type { IngestStatus } from '@app/contract';
import type { Clock, Schedule } from '@app/gateway';
import type { Store } from '@app/store';
import type { Logger } from 'pino';
import { type Alerts, createAlerts } from '../alerts/create-alerts.ts';
import { createComposeOutcome } from '../alerts/create-compose-outcome.ts';
import { createMeasureRules } from '../alerts/measure-rules.ts';
import { openAlertDelivery } from '../alerts/open-alert-delivery.ts';
import { openAlertEngine } from '../alerts/open-alert-engine.ts';
import { createWatchEvents } from '../alerts/watch-events.ts';
import { type Anomalies, createAnomalies } from '../anomalies/create-anomalies.ts';
import { createFindAnomalies } from '../anomalies/create-find-anomalies.ts';
import { INSTALLATION_CHAIN } from '../audit/bind-events.ts';
import type { Config } from '../config.ts';
import type { Deliver } from '../destinations/message.ts';
import { type IdSource, newId } from '../ids.ts';
import { openHistoryUpkeep } from '../jobs/open-history-upkeep.ts';
import type { ClosingStack } from './closing-stack.ts';

export type OpenAlertsDeps = {
  config: Pick<Config, 'file'>;
  store: Store;
  /** The organization that runs the installation. */
  tenant: { organizationId: string };
  ingestStatus: () => Pick<IngestStatus, 'lag_seconds'>;
  deliverMessage: Deliver;
  clock: Clock;
  schedule: Schedule;
  ids: IdSource;
  log: Pick<Logger, 'warn'>;
};

export type OpenAlerts = { alerts: Alerts; anomalies: Anomalies };

/** Rules that watch calls, keys and people, what is unusual, and who is told of it. */
export function openAlerts(deps: OpenAlertsDeps, stack: ClosingStack): OpenAlerts {
  const { store, tenant, ids } = deps;
  const shared = { installation: tenant.organizationId, installationChain: INSTALLATION_CHAIN };
  if (deps.config.file.alerts.enabled) openJobs(deps, shared, stack);
  return {
    alerts: createAlerts({
      ...shared,
      alerts: store.alerts,
      findOrganizationKey: store.limits.findOrganizationKey,
      listDestinations: store.destinations.listDestinations,
      findAuditEnd: async (chain) => (await store.audit.findAuditChain(chain))?.sequence ?? 0,
      nowMs: ids.nowMs,
      newId: (prefix) => newId(prefix, ids),
    }),
    anomalies: createAnomalies({ anomalies: store.anomalies }),
  };
}

const DAY_MS = 86_400_000;

function openJobs(
  deps: OpenAlertsDeps,
  shared: { installation: string; installationChain: string },
  stack: ClosingStack,
): void {
  const { store, clock, schedule, ids, log } = deps;
  const { alerts, anomalies, traces, tenants } = store;
  const common = {
    ...clock,
    schedule,
    newId: (prefix: `${string}_`) => newId(prefix, ids),
    onWarning: (message: string, error: unknown) => log.warn({ err: error }, message),
  };
  const delivery = openAlertDelivery({ ...common, alerts, deliver: deps.deliverMessage });
  stack.add(delivery.close);
  const { listAddressNews, findKeyNames, sumRefusedCalls } = alerts;
  const engine = openAlertEngine({
    ...common,
    alerts,
    measure: createMeasureRules({
      ...common,
      ...shared,
      measureCalls: traces.measureCalls,
      listProjects: tenants.listProjects,
      sumRefusedCalls,
    }),
    watch: createWatchEvents({
      ...shared,
      listAddressNews,
      listCurrentAnomalies: anomalies.listCurrentAnomalies,
      readAuditEvents: store.audit.readAuditEvents,
    }),
    compose: createComposeOutcome({ ...common, findKeyNames }),
    findAnomalies: createFindAnomalies({ ...common, anomalies, readHours: traces.readHours, findKeyNames }),
    onMessage: delivery.wake,
    lagMs: () => deps.ingestStatus().lag_seconds * 1_000,
  });
  stack.add(engine.close);
  const keptMs = deps.config.file.alerts.history_days * DAY_MS;
  const problem = 'The old history of alerts cannot be deleted now; trying again.';
  stack.add(openHistoryUpkeep({ ...common, deleteOldRows: alerts.deleteOldAlertEvents, problem, keptMs }));
}
