import { endpoints } from '@app/contract';
import type { Alerts } from '../../../alerts/create-alerts.ts';
import { wholeOf } from '../../../limits/management/limit-place.ts';
import { type Operation, organizationOperation } from '../operation.ts';
import { alertTarget } from './alert-target.ts';
import { alertFor, alertsFor, eventsFor, refuseUnheard, toChange } from './audit-texts.ts';

/** The same operations on alerts over a whole organization, for the people who belong to it. */
export function organizationAlertOperations(alerts: Alerts): Operation[] {
  return [
    organizationOperation({
      endpoint: endpoints.listAlertsOfOrganization,
      permission: 'analytics:read',
      run: async ({ organization, actor }) => alertsFor(actor, await alerts.list(wholeOf(organization))),
    }),
    organizationOperation({
      endpoint: endpoints.createAlertOfOrganization,
      permission: 'settings:write',
      audit: { action: 'alert.create', target: (_, output) => alertTarget(output) },
      run: ({ organization, body, actor }) => {
        refuseUnheard(actor, body);
        return alerts.create(wholeOf(organization), body, actor);
      },
    }),
    organizationOperation({
      endpoint: endpoints.getAlertOfOrganization,
      permission: 'analytics:read',
      run: async ({ organization, params, actor }) =>
        alertFor(actor, await alerts.get(wholeOf(organization), params.id)),
    }),
    organizationOperation({
      endpoint: endpoints.updateAlertOfOrganization,
      permission: 'settings:write',
      audit: {
        action: 'alert.change',
        target: ({ params }, output) => alertTarget(output, params.id),
        before: ({ organization, params, actor }) =>
          toChange({ alerts, actor }, wholeOf(organization), params.id),
      },
      run: ({ organization, params, body, actor }) =>
        alerts.change(wholeOf(organization), { id: params.id, change: body }, actor),
    }),
    organizationOperation({
      endpoint: endpoints.deleteAlertOfOrganization,
      permission: 'settings:write',
      audit: {
        action: 'alert.delete',
        target: ({ params }, output) => alertTarget(output, params.id),
        before: ({ organization, params, actor }) =>
          toChange({ alerts, actor }, wholeOf(organization), params.id),
        after: () => undefined,
      },
      run: ({ organization, params, actor }) => alerts.delete(wholeOf(organization), params.id, actor),
    }),
    organizationOperation({
      endpoint: endpoints.listAlertEventsOfOrganization,
      permission: 'analytics:read',
      run: async ({ organization, query, actor }) =>
        eventsFor(actor, await alerts.listEvents(wholeOf(organization), query)),
    }),
  ];
}
