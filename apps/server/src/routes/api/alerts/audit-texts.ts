import type { Alert, AlertEventList, AlertList, Permission } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { Alerts } from '../../../alerts/create-alerts.ts';
import type { LimitPlace } from '../../../limits/management/limit-place.ts';
import type { Actor } from '../operation.ts';

type Reader = { permissions: ReadonlySet<Permission> };

const HIDDEN = 'What happened is told to those who may read the audit log.';

/** A rule on the audit log tells what is written there: whoever may not read it has nothing of it told either. */
export function refuseUnheard({ permissions }: Reader, { metric }: { metric: string }): void {
  if (metric !== 'audit_event' || permissions.has('audit:read')) return;
  const message = 'A rule on audit_event needs the permission audit:read beside settings:write.';
  throw new GatewayError('insufficient_permissions', message, { retryable: false });
}

type Changing = { alerts: Pick<Alerts, 'getToChange'>; actor: Actor };

/** The rule as it is before it is changed, for whoever may change it. */
export async function toChange({ alerts, actor }: Changing, place: LimitPlace, id: string): Promise<Alert> {
  const found = await alerts.getToChange(place, id, actor);
  refuseUnheard(actor, found);
  return found;
}

/** A rule as this reader may see it: who did what from where is part of the audit log. */
export function alertFor({ permissions }: Reader, alert: Alert): Alert {
  if (alert.metric !== 'audit_event' || permissions.has('audit:read')) return alert;
  return { ...alert, firing: alert.firing.map((each) => ({ ...each, explanation: HIDDEN })) };
}

export function alertsFor(reader: Reader, { data, ...rest }: AlertList): AlertList {
  return { ...rest, data: data.map((alert) => alertFor(reader, alert)) };
}

export function eventsFor({ permissions }: Reader, { data, ...rest }: AlertEventList): AlertEventList {
  if (permissions.has('audit:read')) return { ...rest, data };
  const hidden = data.map((each) =>
    each.metric === 'audit_event' ? { ...each, explanation: HIDDEN } : each,
  );
  return { ...rest, data: hidden };
}
