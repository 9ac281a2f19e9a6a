import { randomBytes } from 'node:crypto';
import type { Alert } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { RelationalStore } from '@app/store';
import { type Alerts, createAlerts } from '../alerts/create-alerts.ts';
import { writeTestMessage } from '../alerts/write-test-message.ts';
import { readConfig } from '../config/read-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import { type IdSource, newId } from '../ids.ts';
import { type LimitPlace, placeOf } from '../limits/management/limit-place.ts';
import { type AlertsRequest, alertsHelp, readAlertsOptions } from './alerts-options.ts';
import { openCliStore } from './open-cli-store.ts';
import type { World } from './world.ts';
import { shownText, writeTable } from './write-table.ts';

/** Runs `alerts ...`. Resolves to the exit status: 0 done, 1 failed, 2 used wrongly. */
export async function runAlerts(args: readonly string[], world: World): Promise<number> {
  const request = readAlertsOptions(args);
  if (request.do === 'help') {
    world.print(alertsHelp);
    return 0;
  }
  if (request.do === 'refuse') {
    world.warn(`${request.problem}\nSee: tokenrouter alerts --help\n`);
    return 2;
  }
  const silent = () => undefined;
  const log = {
    info: silent,
    warn: silent,
    error: (_: unknown, message: string) => world.warn(`${message}\n`),
  };
  const { store, close } = await openCliStore(readConfig(world.variables, readTextFile), log);
  try {
    return await work(request, { store, world });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    world.warn(`${error.message}\n`);
    return error.status === 400 ? 2 : 1;
  } finally {
    await close();
  }
}

type Working = { store: RelationalStore; world: World };

async function work(
  request: Exclude<AlertsRequest, { do: 'help' | 'refuse' }>,
  { store, world }: Working,
): Promise<number> {
  const ids: IdSource = { nowMs: () => Date.now(), randomBytes };
  const place = await findPlace(store, request);
  if (place === undefined) {
    world.warn(`--project: there is no project "${request.project}".\n`);
    return 2;
  }
  const alerts = openAlertList(store, ids);
  if (request.do === 'list') {
    const { data } = await alerts.list(place);
    world.print(request.json ? `${JSON.stringify(data, null, 2)}\n` : writeAlertsTable(data));
    return 0;
  }
  const alert = await alerts.get(place, request.id);
  if (alert.destinations.length === 0) {
    world.warn(`"${shownText(alert.name, 128)}" has no destinations. Give it one first.\n`);
    return 1;
  }
  const message = writeTestMessage({ id: newId('msg_', ids), alert, place, atMs: ids.nowMs() });
  const { organizationId } = place;
  const { id, atMs: createdAtMs } = message;
  const { destinations } = alert;
  await store.alerts.insertAlertMessage({
    id,
    organizationId,
    alertId: alert.id,
    message,
    destinations,
    createdAtMs,
  });
  world.warn(`A running server sends it within ten seconds to ${destinations.length} destinations.\n`);
  return 0;
}

async function findPlace(
  { tenants }: Pick<RelationalStore, 'tenants'>,
  { project: name, isWhole }: { project: string; isWhole: boolean },
): Promise<LimitPlace | undefined> {
  const organization = await tenants.findOrganizationBySlug({ slug: 'default' });
  const own = organization && (await tenants.findProjectBySlug(organization.id, { slug: name }));
  const found = own ?? (await tenants.findProject(name));
  if (found === undefined) return undefined;
  return isWhole ? { ...placeOf(found), projectId: undefined } : placeOf(found);
}

function openAlertList(store: RelationalStore, ids: IdSource): Alerts {
  return createAlerts({
    alerts: store.alerts,
    findOrganizationKey: store.limits.findOrganizationKey,
    listDestinations: store.destinations.listDestinations,
    findAuditEnd: async () => 0,
    installation: '',
    installationChain: '',
    nowMs: ids.nowMs,
    newId: (prefix) => newId(prefix, ids),
  });
}

/** Alerts as aligned columns. */
function writeAlertsTable(alerts: readonly Alert[]): string {
  if (alerts.length === 0)
    return 'No alerts yet. Make one on the page Alerts, or over the API: docs/alerts.md.\n';
  const headings = ['ID', 'NAME', 'WATCHES', 'BOUND', 'PER', 'STATE', 'SINCE', 'VALUE'];
  return writeTable(
    headings,
    alerts.map((alert) => [
      alert.id,
      shownText(alert.name),
      `${alert.metric}/${alert.window_minutes}m`,
      alert.threshold === null ? '-' : `${alert.direction} ${alert.threshold}`,
      alert.per,
      alert.firing.length > 1 ? `${alert.state} (${alert.firing.length})` : alert.state,
      `${alert.state_since.slice(0, 16)}Z`,
      alert.value === null ? '-' : String(Number(alert.value.toFixed(4))),
    ]),
  );
}
