import { endpoints } from '@app/contract';
import type { Anomalies } from '../../../anomalies/create-anomalies.ts';
import { type Operation, projectOperation } from '../operation.ts';

/** The operations on what is unusual in a project. */
export function anomalyOperations(anomalies: Anomalies): Operation[] {
  return [
    projectOperation({
      endpoint: endpoints.listAnomalies,
      permission: 'analytics:read',
      run: ({ project, query }) => anomalies.list(project.id, query),
    }),
    projectOperation({
      endpoint: endpoints.acknowledgeAnomaly,
      permission: 'settings:write',
      audit: {
        action: 'anomaly.acknowledge',
        target: ({ params }) => ({ kind: 'anomaly', id: params.id, name: null }),
        before: ({ project, params, actor }) => anomalies.getToChange(project.id, params.id, actor),
      },
      run: ({ project, params, actor }) => anomalies.acknowledge(project.id, params.id, actor),
    }),
  ];
}
