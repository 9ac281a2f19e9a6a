import {
  type Alert,
  type AlertChange,
  type AlertEventList,
  type AlertEventSearch,
  type AlertList,
  type NewAlert,
  NewAlert as NewAlertShape,
} from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { AlertRule, RelationalStore, StoredAlert } from '@app/store';
import { invalid, type LimitActor, type LimitPlace } from '../limits/management/limit-place.ts';
import { type AskedRule, type ReadRuleDeps, readRule } from './read-rule.ts';
import { writeAlert, writeAlertEvent } from './write-alert.ts';

export type AlertsDeps = ReadRuleDeps & {
  alerts: Pick<
    RelationalStore['alerts'],
    | 'insertAlert'
    | 'findAlert'
    | 'listAlerts'
    | 'countAlerts'
    | 'updateAlert'
    | 'deleteAlert'
    | 'listAlertSubjects'
    | 'listAlertEvents'
    | 'findAddressNewsEnd'
  >;
  /** The number of the newest link of an audit chain. */
  findAuditEnd: (chain: string) => Promise<number>;
  installation: string;
  installationChain: string;
  nowMs: () => number;
  newId: (prefix: `${string}_`) => string;
};

export type Alerts = {
  /** Throws a 4xx `GatewayError` for what cannot be. */
  create(place: LimitPlace, input: NewAlert, actor?: LimitActor): Promise<Alert>;
  list(place: LimitPlace): Promise<AlertList>;
  /** Throws `not_found` when there is none in this place; so do those below. */
  get(place: LimitPlace, id: string): Promise<Alert>;
  /** The same for whoever is about to change it: who may not is refused before anything is looked up. */
  getToChange(place: LimitPlace, id: string, actor?: LimitActor): Promise<Alert>;
  change(place: LimitPlace, given: { id: string; change: AlertChange }, actor?: LimitActor): Promise<Alert>;
  delete(place: LimitPlace, id: string, actor?: LimitActor): Promise<Alert>;
  listEvents(place: LimitPlace, search: AlertEventSearch): Promise<AlertEventList>;
};

/** All of them are looked at every minute. */
const PLACE_MAX = 200;
const ORGANIZATION_MAX = 2_000;

/** Rules of projects and of whole organizations. Without an actor it is the operator who acts, on the machine itself. */
export function createAlerts(deps: AlertsDeps): Alerts {
  const { alerts, nowMs } = deps;
  const show = async (rules: readonly StoredAlert[]): Promise<Alert[]> => {
    const subjects = await alerts.listAlertSubjects({ alertIds: rules.map(({ id }) => id) });
    return rules.map((rule) => writeAlert(rule, subjects.get(rule.id) ?? []));
  };
  const get = async ({ organizationId, projectId }: LimitPlace, id: string) => {
    const found = await alerts.findAlert(organizationId, { projectId, id });
    if (found === undefined) throw noAlert();
    return found;
  };
  const showOne = async (rule: StoredAlert): Promise<Alert> => {
    const [shown] = await show([rule]);
    if (shown === undefined) throw noAlert();
    return shown;
  };
  return {
    create: async (place, input, actor) => {
      refuseTestKey(actor);
      const rule = await readRule(deps, place, NewAlertShape.parse(input));
      const { total, here } = await alerts.countAlerts(place.organizationId, place);
      if (total >= ORGANIZATION_MAX) throw tooMany(`An organization has at most ${ORGANIZATION_MAX} alerts.`);
      if (here >= PLACE_MAX) throw tooMany(`There are at most ${PLACE_MAX} alerts here.`);
      return showOne(
        await alerts.insertAlert(place.organizationId, {
          ...rule,
          ...(await findEnds(deps, place, rule)),
          id: deps.newId('alr_'),
          projectId: place.projectId,
          createdAtMs: nowMs(),
          createdBy: actor?.id,
        }),
      );
    },
    list: async ({ organizationId, projectId }) => ({
      data: await show(await alerts.listAlerts(organizationId, { projectId, limit: PLACE_MAX })),
      next_cursor: null,
    }),
    get: async (place, id) => showOne(await get(place, id)),
    getToChange: async (place, id, actor) => {
      refuseTestKey(actor);
      return showOne(await get(place, id));
    },
    change: async (place, { id, change }, actor) => {
      refuseTestKey(actor);
      return showOne(await changeRule(deps, place, { found: await get(place, id), change }));
    },
    delete: async (place, id, actor) => {
      refuseTestKey(actor);
      const { organizationId, projectId } = place;
      const found = await get(place, id);
      const [shown] = await show([found]);
      const gone = await alerts.deleteAlert(organizationId, { projectId, id });
      if (gone === undefined || shown === undefined) throw noAlert();
      return shown;
    },
    listEvents: async ({ organizationId, projectId }, { alert, ...search }) => {
      const page = await alerts.listAlertEvents(organizationId, { ...search, projectId, alertId: alert });
      return { data: page.events.map(writeAlertEvent), next_cursor: page.nextCursor };
    },
  };
}

type Changing = { found: StoredAlert; change: AlertChange };

async function changeRule(
  deps: AlertsDeps,
  place: LimitPlace,
  { found, change }: Changing,
): Promise<StoredAlert> {
  if (Object.values(change).every((value) => value === undefined))
    throw invalid('name', 'There is nothing to change: give name, threshold, enabled or another field.');
  const rule = await readRule(deps, place, { ...askedOf(found), ...definedOf(change) });
  const startsAnew = watchesAnew(found, rule);
  const goesOn = { cursor: found.cursor, installationCursor: found.installationCursor };
  const changed = await deps.alerts.updateAlert(place.organizationId, {
    ...(startsAnew ? await findEnds(deps, place, rule) : goesOn),
    projectId: place.projectId,
    id: found.id,
    rule,
    revision: found.revision,
    nowMs: deps.nowMs(),
    startsAnew,
  });
  if (changed === undefined) throw changedMeanwhile();
  return changed;
}

/** What happened before a rule was made is no news to it. */
async function findEnds(
  deps: AlertsDeps,
  { organizationId, projectId }: LimitPlace,
  { metric }: Pick<AlertRule, 'metric'>,
): Promise<{ cursor: number | undefined; installationCursor: number | undefined }> {
  if (metric === 'new_address') {
    const cursor = await deps.alerts.findAddressNewsEnd(organizationId);
    return { cursor, installationCursor: undefined };
  }
  if (metric !== 'audit_event') return { cursor: undefined, installationCursor: undefined };
  const hearsInstallation = projectId === undefined && organizationId === deps.installation;
  return {
    cursor: await deps.findAuditEnd(organizationId),
    installationCursor: hearsInstallation ? await deps.findAuditEnd(deps.installationChain) : undefined,
  };
}

/** Whether what a rule fired for says nothing about the rule as it is now. */
function watchesAnew(before: StoredAlert, after: AlertRule): boolean {
  const watched = ({
    scope,
    per,
    direction,
    threshold,
    windowMinutes,
    callsMin,
    actions,
    isEnabled,
  }: AlertRule) =>
    JSON.stringify([scope, per, direction, threshold, windowMinutes, callsMin, actions, isEnabled]);
  return watched(before) !== watched(after);
}

function askedOf(rule: StoredAlert): AskedRule {
  const { state, state_since, firing, value, checked_at, ...shown } = writeAlert(rule, []);
  const { id, project_id, created_at, created_by, ...asked } = shown;
  return { ...asked, threshold: rule.threshold };
}

function definedOf(change: AlertChange): Partial<AskedRule> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

/** What a test key does stays in test mode: one that leaked cannot silence the alerts of production. */
export function refuseTestKey(actor: LimitActor | undefined): void {
  if (actor?.mode !== 'test') return;
  throw new GatewayError(
    'insufficient_permissions',
    'A test key cannot write alerts, because they watch live calls. Use a live key.',
    { retryable: false },
  );
}

function tooMany(message: string): GatewayError {
  return new GatewayError('conflict', `${message} Delete one first.`, { retryable: false });
}

function changedMeanwhile(): GatewayError {
  const message =
    'Somebody else changed this alert at the same moment. Look at it again, and repeat your change.';
  return new GatewayError('conflict', message, { retryable: true });
}

function noAlert(): GatewayError {
  return new GatewayError('not_found', 'There is no such alert here.', { retryable: false });
}
