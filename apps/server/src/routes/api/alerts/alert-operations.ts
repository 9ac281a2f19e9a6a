import { endpoints } from '@app/contract';
import type { Alerts } from '../../../alerts/create-alerts.ts';
import { placeOf } from '../../../limits/management/limit-place.ts';
import { type Operation, projectOperation } from '../operation.ts';
import { alertTarget } from './alert-target.ts';
import { organizationAlertOperations } from './organization-alert-operations.ts';

/** The operations on alerts of projects and of whole organizations. */
export function alertOperations(alerts: Alerts): Operation[] {
  return [
    projectOperation({
      endpoint: endpoints.listAlerts,
      permission: 'analytics:read',
      run: ({ project }) => alerts.list(placeOf(project)),
    }),
    projectOperation({
      endpoint: endpoints.createAlert,
      permission: 'settings:write',
      audit: { action: 'alert.create', target: (_, output) => alertTarget(output) },
      run: ({ project, body, actor }) => alerts.create(placeOf(project), body, actor),
    }),
    projectOperation({
      endpoint: endpoints.getAlert,
      permission: 'analytics:read',
      run: ({ project, params }) => alerts.get(placeOf(project), params.id),
    }),
    projectOperation({
      endpoint: endpoints.updateAlert,
      permission: 'settings:write',
      audit: {
        action: 'alert.change',
        target: ({ params }, output) => alertTarget(output, params.id),
        before: ({ project, params, actor }) => alerts.getToChange(placeOf(project), params.id, actor),
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
        before: ({ project, params, actor }) => alerts.getToChange(placeOf(project), params.id, actor),
        after: () => undefined,
      },
      run: ({ project, params, actor }) => alerts.delete(placeOf(project), params.id, actor),
    }),
    projectOperation({
      endpoint: endpoints.listAlertEvents,
      permission: 'analytics:read',
      run: ({ project, query }) => alerts.listEvents(placeOf(project), query),
    }),
    ...organizationAlertOperations(alerts),
  ];
}
