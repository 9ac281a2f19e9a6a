import { AuditAction, type NewAlert } from '@app/contract';
import type { AlertRule, RelationalStore } from '@app/store';
import type { z } from 'zod';
import { invalid, type LimitPlace } from '../limits/management/limit-place.ts';
import { callMetrics } from './alert-metrics.ts';

export type ReadRuleDeps = {
  findOrganizationKey: RelationalStore['limits']['findOrganizationKey'];
  listDestinations: RelationalStore['destinations']['listDestinations'];
};

/** A rule as it was asked for, complete. */
export type AskedRule = z.output<typeof NewAlert>;

/**
 * A rule as it is kept: what it names is there and belongs to the place. Throws a 400 that names the field and says what to
 * write instead. A thing of somebody else's is the same as one that is not there.
 */
export async function readRule(deps: ReadRuleDeps, place: LimitPlace, asked: AskedRule): Promise<AlertRule> {
  checkThreshold(asked);
  checkScope(asked);
  checkActions(asked);
  checkTexts(asked);
  await checkKey(deps, place, asked.scope.key_id);
  await checkDestinations(deps, place, asked.destinations);
  const { key_id: keyId, user, model, provider } = asked.scope;
  return {
    name: asked.name,
    metric: asked.metric,
    scope: {
      ...(keyId !== undefined && { keyId }),
      ...(user !== undefined && { user }),
      ...(model !== undefined && { model }),
      ...(provider !== undefined && { provider }),
    },
    per: asked.per,
    direction: asked.direction,
    threshold: asked.threshold,
    windowMinutes: asked.window_minutes,
    callsMin: asked.calls_min,
    cooldownMinutes: asked.cooldown_minutes,
    severity: asked.severity,
    destinations: [...new Set(asked.destinations)],
    actions: [...new Set(asked.actions)],
    isEnabled: asked.enabled,
  };
}

const units: { readonly [metric in AskedRule['metric']]?: string } = {
  spend: 'US dollars, such as 25',
  calls: 'a number of calls',
  tokens: 'a number of tokens',
  error_rate: 'percent, such as 5',
  refusal_rate: 'percent, such as 20',
};

function checkThreshold({ metric, threshold, direction }: AskedRule): void {
  const isMeasured = callMetrics[metric] !== undefined;
  if (isMeasured && threshold === undefined) {
    const unit = units[metric] ?? 'milliseconds, such as 5000';
    throw invalid('threshold', `threshold is missing: a rule on ${metric} needs one, in ${unit}.`);
  }
  if (!isMeasured && threshold !== undefined) {
    throw invalid('threshold', `threshold: leave it out, because a rule on ${metric} fires for each one.`);
  }
  if (!isMeasured && direction === 'below') {
    throw invalid('direction', `direction: leave it out, because a rule on ${metric} has no bound.`);
  }
  const isPercent = metric === 'error_rate' || metric === 'refusal_rate';
  if (isPercent && threshold !== undefined && threshold > 100) {
    throw invalid('threshold', 'threshold: it is in percent of the calls, from 0 to 100.');
  }
}

const scopesOf: { readonly [metric in AskedRule['metric']]?: readonly string[] } = {
  new_address: ['key_id'],
  audit_event: [],
  anomaly: ['key_id', 'user', 'model'],
  // Who is refused never reached a provider.
  refusal_rate: ['key_id', 'user', 'model'],
};
const persOf: { readonly [metric in AskedRule['metric']]?: readonly AskedRule['per'][] } = {
  new_address: ['all', 'key'],
  audit_event: ['all'],
  anomaly: ['all'],
};

function checkScope({ metric, scope, per }: AskedRule): void {
  const allowed = scopesOf[metric];
  const given = Object.entries(scope).filter(([, value]) => value !== undefined);
  for (const [field] of given) {
    if (allowed !== undefined && !allowed.includes(field)) {
      throw invalid(`scope.${field}`, `scope.${field}: leave it out, because ${metric} does not know it.`);
    }
  }
  if (metric === 'anomaly' && given.length > 1) {
    throw invalid('scope', 'scope: an anomaly is of one key, user or model; name one of them.');
  }
  if (persOf[metric]?.includes(per) === false) {
    throw invalid('per', `per: leave it out, because each event of ${metric} is told by itself.`);
  }
  const named = { key: scope.key_id, user: scope.user, model: scope.model };
  if (per !== 'all' && named[per] !== undefined && metric !== 'new_address') {
    throw invalid('per', `per: the rule is about one ${per} already; use all.`);
  }
}

function checkActions({ metric, actions }: AskedRule): void {
  if (metric !== 'audit_event' && actions.length > 0) {
    throw invalid('actions', 'actions: leave them out, because only a rule on audit_event has some.');
  }
  const unknown = actions.find((action) => !AuditAction.safeParse(action).success);
  if (unknown === undefined) return;
  throw invalid(
    'actions',
    `actions: there is no action "${unknown}"; use those of the audit log, such as ${AuditAction.options.slice(10, 13).join(', ')}.`,
  );
}

function checkTexts({ name, scope }: AskedRule): void {
  const texts = {
    name,
    ...Object.fromEntries(Object.entries(scope).map(([key, text]) => [`scope.${key}`, text])),
  };
  for (const [field, text] of Object.entries(texts)) {
    if (text === undefined || (!text.includes('\0') && text.isWellFormed())) continue;
    throw invalid(field, `${field} holds a character that cannot be kept.`);
  }
}

async function checkKey(deps: ReadRuleDeps, place: LimitPlace, id: string | undefined): Promise<void> {
  if (id === undefined) return;
  const found = await deps.findOrganizationKey(place.organizationId, { id });
  if (found !== undefined && (place.projectId === undefined || found.projectId === place.projectId)) return;
  throw invalid('scope.key_id', 'scope.key_id: there is no such key here. Name one by its id (key_...).');
}

async function checkDestinations(
  deps: ReadRuleDeps,
  { organizationId }: LimitPlace,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const found = await deps.listDestinations(organizationId, { ids });
  const unknown = ids.find((id) => !found.some((each) => each.id === id));
  if (unknown === undefined) return;
  throw invalid(
    'destinations',
    'destinations: there is no such destination. Make one at /api/v1/organizations/{organization}/destinations, and name it by its id.',
  );
}
