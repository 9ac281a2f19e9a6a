import type { AlertMetric, AlertPer } from '@app/contract';

type AlertSeverity = 'info' | 'warning' | 'critical';

/** What a rule watches, and when it speaks. */
export type AlertRule = {
  name: string;
  metric: AlertMetric;
  scope: { keyId?: string; user?: string; model?: string; provider?: string };
  per: AlertPer;
  direction: 'above' | 'below';
  threshold: number | undefined;
  windowMinutes: number;
  callsMin: number;
  cooldownMinutes: number;
  severity: AlertSeverity;
  destinations: readonly string[];
  actions: readonly string[];
  isEnabled: boolean;
};

/** How a rule stands since it was last looked at. */
export type AlertStanding = {
  state: 'ok' | 'firing' | 'no_data';
  stateSinceMs: number;
  value: number | undefined;
  checkedAtMs: number | undefined;
  /** How far it has read where it follows events one by one. */
  cursor: number | undefined;
  /** The same in what belongs to the installation. */
  installationCursor: number | undefined;
};

export type StoredAlert = AlertRule &
  AlertStanding & {
    id: string;
    organizationId: string;
    /** Absent for a rule over the whole organization. */
    projectId: string | undefined;
    createdAtMs: number;
    createdBy: string | undefined;
    /** Grows with every change of the rule itself. */
    revision: number;
  };

export const alertColumns = `id, organization_id, project_id, name, metric, scope_key, scope_user, scope_model,
  scope_provider, per, direction, threshold, window_minutes, calls_min, cooldown_minutes, severity, destinations, actions,
  is_enabled, created_at, created_by, revision, state, state_since, value, checked_at, cursor,
  installation_cursor`;

export type AlertRow = {
  id: string;
  organization_id: string;
  project_id: string | null;
  name: string;
  metric: AlertMetric;
  scope_key: string | null;
  scope_user: string | null;
  scope_model: string | null;
  scope_provider: string | null;
  per: AlertPer;
  direction: 'above' | 'below';
  threshold: number | null;
  window_minutes: number;
  calls_min: number;
  cooldown_minutes: number;
  severity: AlertSeverity;
  destinations: string[];
  actions: string[];
  is_enabled: boolean;
  created_at: Date;
  created_by: string | null;
  revision: number;
  state: AlertStanding['state'];
  state_since: Date;
  value: number | null;
  checked_at: Date | null;
  cursor: string | null;
  installation_cursor: string | null;
};

export function readAlert(row: AlertRow): StoredAlert {
  return {
    id: row.id,
    organizationId: row.organization_id,
    projectId: row.project_id ?? undefined,
    name: row.name,
    metric: row.metric,
    scope: {
      ...(row.scope_key !== null && { keyId: row.scope_key }),
      ...(row.scope_user !== null && { user: row.scope_user }),
      ...(row.scope_model !== null && { model: row.scope_model }),
      ...(row.scope_provider !== null && { provider: row.scope_provider }),
    },
    per: row.per,
    direction: row.direction,
    threshold: row.threshold ?? undefined,
    windowMinutes: row.window_minutes,
    callsMin: row.calls_min,
    cooldownMinutes: row.cooldown_minutes,
    severity: row.severity,
    destinations: row.destinations,
    actions: row.actions,
    isEnabled: row.is_enabled,
    createdAtMs: row.created_at.getTime(),
    createdBy: row.created_by ?? undefined,
    revision: row.revision,
    state: row.state,
    stateSinceMs: row.state_since.getTime(),
    value: row.value ?? undefined,
    checkedAtMs: row.checked_at?.getTime(),
    cursor: row.cursor === null ? undefined : Number(row.cursor),
    installationCursor: row.installation_cursor === null ? undefined : Number(row.installation_cursor),
  };
}

/** What follows the scope's id in statements that write a whole rule, in the order of the columns. */
export function alertValues(rule: AlertRule): unknown[] {
  return [
    rule.name,
    rule.metric,
    rule.scope.keyId,
    rule.scope.user,
    rule.scope.model,
    rule.scope.provider,
    rule.per,
    rule.direction,
    rule.threshold,
    rule.windowMinutes,
    rule.callsMin,
    rule.cooldownMinutes,
    rule.severity,
    rule.destinations,
    rule.actions,
    rule.isEnabled,
  ];
}
