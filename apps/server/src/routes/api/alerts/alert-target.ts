import type { Alert, AuditTarget } from '@app/contract';

/** Which alert something was done to; one that is not known yet has no name. */
export function alertTarget(alert: Alert | undefined, id = alert?.id): AuditTarget | undefined {
  return id === undefined ? undefined : { kind: 'alert', id, name: alert?.name ?? null };
}
