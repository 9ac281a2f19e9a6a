import { endpoints } from '@app/contract';
import type { Alerts } from '../../../alerts/create-alerts.ts';
import { placeOf } from '../../../limits/management/limit-place.ts';
import { type Operation, projectOperation } from '../operation.ts';
import { alertTarget } from './alert-target.ts';
import { alertFor, alertsFor, eventsFor, refuseUnheard, toChange } from './audit-texts.ts';
import { organizationAlertOperations } from './organization-alert-operations.ts';

/** The operations on alerts of projects and of whole organizations. */
export function alertOperations(alerts: Alerts): Operation[] {
  return [
    projectOperation({
      endpoint: endpoints.listAlerts,
      permission: 'analytics:read',
      run: async ({ project, actor }) => alertsFor(actor, await alerts.list(placeOf(project))),
    }),
    projectOperation({
      endpoint: endpoints.createAlert,
      permission: 'settings:write',
      audit: { action: 'alert.create', target: (_, output) => alertTarget(output) },
      run: ({ project, body, actor }) => {
        refuseUnheard(actor, body);
        return alerts.create(placeOf(project), body, actor);
      },
    }),
    projectOperation({
      endpoint: endpoints.getAlert,
      permission: 'analytics:read',
      run: async ({ project, params, actor }) =>
        alertFor(actor, await alerts.get(placeOf(project), params.id)),
    }),
    projectOperation({
      endpoint: endpoints.updateAlert,
      permission: 'settings:write',
      audit: {
        action: 'alert.change',
        target: ({ params }, output) => alertTarget(output, params.id),
        before: ({ project, params, actor }) => toChange({ alerts, actor }, placeOf(project), params.id),
      },
      run: ({ project, params, body, actor }) =>
        alerts.change(placeOf(project), { id: params.id, change: body }, actor),
    }),
    projectOperation({
      endpoint: endpoints.deleteAlert,
      permission: 'settings:write',
      audit: {
        action: 'alert.delete',
        target: ({ params }, output) => alertTarget(output, params.id),
        before: ({ project, params, actor }) => toChange({ alerts, actor }, placeOf(project), params.id),
        after: () => undefined,
      },
      run: ({ project, params, actor }) => alerts.delete(placeOf(project), params.id, actor),
    }),
    projectOperation({
      endpoint: endpoints.listAlertEvents,
      permission: 'analytics:read',
      run: async ({ project, query, actor }) =>
        eventsFor(actor, await alerts.listEvents(placeOf(project), query)),
    }),
    ...organizationAlertOperations(alerts),
  ];
}
