import { endpoints } from '@app/contract';
import type { Store } from '@app/store';
import { projectOperation } from '../operation.ts';

/** Spend, latency, traces and errors of a project over a range that ends now. */
export const getOverview = (traces: Pick<Store['traces'], 'readOverview'>, nowMs: () => number) =>
  projectOperation({
    endpoint: endpoints.getOverview,
    permission: 'traces:read',
    run: ({ project, query }) => traces.readOverview(project.id, { ...query, nowMs: nowMs() }),
  });
