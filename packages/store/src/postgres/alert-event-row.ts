import type { AlertMetric } from '@app/contract';

/** Something that a rule fires for, or fired for so lately that it says nothing more about it. */
export type AlertSubject = {
  /** The id of a key, a user, a model; empty where all is one. */
  subject: string;
  isFiring: boolean;
  sinceMs: number;
  value: number;
  /** When a message last said that it fires. */
  toldAtMs: number | undefined;
  /** Whether that was about this time. */
  isTold: boolean;
  /** Until when something that happened at one moment is held to go on. */
  heldUntilMs: number | undefined;
  explanation: string;
};

export type AlertSubjectRow = {
  alert_id: string;
  subject: string;
  is_firing: boolean;
  since: Date;
  value: number;
  told_at: Date | null;
  is_told: boolean;
  held_until: Date | null;
  explanation: string;
};

export function readAlertSubject(row: AlertSubjectRow): AlertSubject {
  return {
    subject: row.subject,
    isFiring: row.is_firing,
    sinceMs: row.since.getTime(),
    value: row.value,
    toldAtMs: row.told_at?.getTime(),
    isTold: row.is_told,
    heldUntilMs: row.held_until?.getTime(),
    explanation: row.explanation,
  };
}

/** What a destination said of a message. */
export type AlertDelivery = { destination: string; name: string; ok: boolean; error: string | null };

export type StoredAlertEvent = {
  id: string;
  organizationId: string;
  projectId: string | undefined;
  alertId: string;
  alertName: string;
  metric: AlertMetric;
  severity: 'info' | 'warning' | 'critical';
  subject: string;
  state: 'firing' | 'resolved';
  value: number | undefined;
  threshold: number | undefined;
  atMs: number;
  explanation: string;
  /** Absent where a cool-down kept it quiet. */
  messageId: string | undefined;
};

export type AlertEventRow = {
  id: string;
  organization_id: string;
  project_id: string | null;
  alert_id: string;
  alert_name: string;
  metric: AlertMetric;
  severity: StoredAlertEvent['severity'];
  subject: string;
  state: StoredAlertEvent['state'];
  value: number | null;
  threshold: number | null;
  at: Date;
  explanation: string;
  message_id: string | null;
  deliveries: AlertDelivery[] | null;
};

export function readAlertEvent(row: AlertEventRow): StoredAlertEvent & { deliveries: AlertDelivery[] } {
  return {
    id: row.id,
    organizationId: row.organization_id,
    projectId: row.project_id ?? undefined,
    alertId: row.alert_id,
    alertName: row.alert_name,
    metric: row.metric,
    severity: row.severity,
    subject: row.subject,
    state: row.state,
    value: row.value ?? undefined,
    threshold: row.threshold ?? undefined,
    atMs: row.at.getTime(),
    explanation: row.explanation,
    messageId: row.message_id ?? undefined,
    deliveries: row.deliveries ?? [],
  };
}

/** A message that not every destination has yet. `message` is whatever was put in. */
export type DueAlertMessage = {
  id: string;
  organizationId: string;
  message: unknown;
  destinations: string[];
  attempts: number;
  createdAtMs: number;
  deliveries: AlertDelivery[];
};
