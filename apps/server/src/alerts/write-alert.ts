import type { Alert, AlertEvent } from '@app/contract';
import type { AlertDelivery, AlertSubject, StoredAlert, StoredAlertEvent } from '@app/store';

/** A rule as people are shown it, with what it fires for. */
export function writeAlert(rule: StoredAlert, subjects: readonly AlertSubject[]): Alert {
  const { keyId, user, model, provider } = rule.scope;
  return {
    id: rule.id,
    project_id: rule.projectId ?? null,
    name: rule.name,
    metric: rule.metric,
    scope: {
      ...(keyId !== undefined && { key_id: keyId }),
      ...(user !== undefined && { user }),
      ...(model !== undefined && { model }),
      ...(provider !== undefined && { provider }),
    },
    per: rule.per,
    direction: rule.direction,
    threshold: rule.threshold ?? null,
    window_minutes: rule.windowMinutes,
    calls_min: rule.callsMin,
    cooldown_minutes: rule.cooldownMinutes,
    severity: rule.severity,
    destinations: [...rule.destinations],
    actions: [...rule.actions],
    enabled: rule.isEnabled,
    state: rule.isEnabled ? rule.state : 'paused',
    state_since: isoOf(rule.stateSinceMs),
    firing: rule.isEnabled ? firingOf(rule, subjects) : [],
    value: rule.value ?? null,
    checked_at: rule.checkedAtMs === undefined ? null : isoOf(rule.checkedAtMs),
    created_at: isoOf(rule.createdAtMs),
    created_by: rule.createdBy ?? null,
  };
}

/** A change of state as people are shown it. */
export function writeAlertEvent(event: StoredAlertEvent & { deliveries: AlertDelivery[] }): AlertEvent {
  return {
    id: event.id,
    alert_id: event.alertId,
    alert_name: event.alertName,
    metric: event.metric,
    severity: event.severity,
    subject: event.subject,
    state: event.state,
    value: event.value ?? null,
    threshold: event.threshold ?? null,
    at: isoOf(event.atMs),
    explanation: event.explanation,
    deliveries: event.deliveries,
  };
}

/** Worst first, as the rule sees it. */
function firingOf({ direction }: StoredAlert, subjects: readonly AlertSubject[]): Alert['firing'] {
  const sign = direction === 'above' ? 1 : -1;
  return subjects
    .filter(({ isFiring }) => isFiring)
    .sort((a, b) => sign * (b.value - a.value))
    .map(({ subject, value, sinceMs }) => ({ subject, value, since: isoOf(sinceMs) }));
}

function isoOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
