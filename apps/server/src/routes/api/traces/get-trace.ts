import { endpoints, type Trace } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { Store } from '@app/store';
import { projectOperation } from '../operation.ts';

type Traces = Pick<Store['traces'], 'findTrace'>;

/** One trace of a project, with what was asked and answered. */
export const getTrace = (traces: Traces) =>
  projectOperation({
    endpoint: endpoints.getTrace,
    permission: 'traces:read',
    run: ({ project, params }) => get(traces, project.id, params.trace_id),
  });

/** The same inside the project of the key that asks. */
export const getTraceOfKey = (traces: Traces) =>
  projectOperation({
    endpoint: endpoints.getTraceOfKey,
    permission: 'traces:read',
    run: ({ project, params }) => get(traces, project.id, params.trace_id),
  });

async function get(traces: Traces, projectId: string, traceId: string): Promise<Trace> {
  const trace = await traces.findTrace(projectId, traceId);
  if (trace === undefined)
    throw new GatewayError('not_found', 'There is no such trace in this project.', { retryable: false });
  return trace;
}
