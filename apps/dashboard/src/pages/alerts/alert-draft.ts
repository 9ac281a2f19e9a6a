import type { Alert, AlertMetric, AlertPer, NewAlert } from '@app/contract';
import { metrics } from './alert-text.ts';

/** A rule as it stands in the form: what is typed is text until it is sent. */
export type AlertDraft = {
  name: string;
  metric: AlertMetric;
  per: AlertPer;
  direction: 'above' | 'below';
  threshold: string;
  windowMinutes: string;
  callsMin: string;
  cooldownMinutes: string;
  severity: Alert['severity'];
  destinations: readonly string[];
  actions: readonly string[];
  keyId: string;
  user: string;
  model: string;
};

/** The metrics that are measured over a window and held against a bound. */
export const isMeasured = (metric: AlertMetric): boolean => metrics[metric].unit !== 'none';
/** Those that say nothing about a few calls. */
export const isRate = (metric: AlertMetric): boolean => ['percent', 'ms'].includes(metrics[metric].unit);

export function draftOf(alert: Alert | undefined): AlertDraft {
  return {
    name: alert?.name ?? '',
    metric: alert?.metric ?? 'spend',
    per: alert?.per ?? 'all',
    direction: alert?.direction ?? 'above',
    threshold: alert?.threshold == null ? '' : String(alert.threshold),
    windowMinutes: String(alert?.window_minutes ?? 60),
    callsMin: String(alert?.calls_min ?? 20),
    cooldownMinutes: String(alert?.cooldown_minutes ?? 60),
    severity: alert?.severity ?? 'warning',
    destinations: alert?.destinations ?? [],
    actions: alert?.actions ?? [],
    keyId: alert?.scope.key_id ?? '',
    user: alert?.scope.user ?? '',
    model: alert?.scope.model ?? '',
  };
}

/** What is wrong with the bound, for the person who types it. */
export function thresholdProblem({ metric, threshold }: AlertDraft): string | undefined {
  if (!isMeasured(metric) || threshold === '') return undefined;
  const value = Number(threshold.replace(',', '.'));
  if (!Number.isFinite(value) || value < 0) return 'A number, such as 12.5.';
  if (metrics[metric].unit === 'percent' && value > 100) return 'At most 100 percent.';
  return undefined;
}

export const isComplete = (draft: AlertDraft): boolean =>
  draft.name.trim() !== '' &&
  (!isMeasured(draft.metric) || draft.threshold !== '') &&
  thresholdProblem(draft) === undefined;

export function requestOf(draft: AlertDraft): Required<Omit<NewAlert, 'threshold' | 'enabled'>> & {
  threshold?: number;
} {
  const { name, metric, per, direction, severity, keyId, user, model } = draft;
  const measured = isMeasured(metric);
  return {
    name: name.trim(),
    metric,
    per: measured ? per : 'all',
    direction,
    severity,
    scope: {
      ...(keyId === '' ? {} : { key_id: keyId }),
      ...(user.trim() === '' ? {} : { user: user.trim() }),
      ...(model.trim() === '' ? {} : { model: model.trim() }),
    },
    window_minutes: Number(draft.windowMinutes),
    calls_min: Number(draft.callsMin),
    cooldown_minutes: Number(draft.cooldownMinutes),
    destinations: [...draft.destinations],
    actions: metric === 'audit_event' ? [...draft.actions] : [],
    ...(measured ? { threshold: Number(draft.threshold.replace(',', '.')) } : {}),
  };
}
