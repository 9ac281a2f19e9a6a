import type { RelationalStore } from '@app/store';
import { type Alerts, createAlerts } from '../src/alerts/create-alerts.ts';
import { type Anomalies, createAnomalies } from '../src/anomalies/create-anomalies.ts';
import { type IdSource, newId } from '../src/ids.ts';

type TestAlertsDeps = { store: RelationalStore; installation: string; ids: IdSource };

/** Alerts and anomalies as the management API shows them, without what looks at them. */
export function createTestAlerts({ store, installation, ids }: TestAlertsDeps): {
  alerts: Alerts;
  anomalies: Anomalies;
} {
  return {
    alerts: createAlerts({
      alerts: store.alerts,
      findOrganizationKey: store.limits.findOrganizationKey,
      listDestinations: store.destinations.listDestinations,
      findAuditEnd: async (chain) => (await store.audit.findAuditChain(chain))?.sequence ?? 0,
      installation,
      installationChain: 'installation',
      nowMs: ids.nowMs,
      newId: (prefix) => newId(prefix, ids),
    }),
    anomalies: createAnomalies({ anomalies: store.anomalies }),
  };
}
