import { endpoints, type SpanDetails, type TraceTree } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { Store } from '@app/store';
import type { FindPrice } from '../../../prices/reprice-call.ts';
import { createFindSpanDetails, type FindSpanDetails } from '../../../traces/create-find-span-details.ts';
import { type Operation, projectOperation } from '../operation.ts';
import { getTrace, getTraceOfKey } from './get-trace.ts';
import { listTraces } from './list-traces.ts';

export type TraceOperationDeps = {
  traces: Pick<Store['traces'], 'listTraces' | 'findTrace' | 'findTraceTree' | 'findSpan' | 'listScores'>;
  findPrice: FindPrice;
};

/** The operations on traces and their spans. */
export function traceOperations(deps: TraceOperationDeps): Operation[] {
  const findDetails = createFindSpanDetails(deps);
  const traces = {
    findTrace: async (projectId: string, traceId: string) => {
      const trace = await deps.traces.findTrace(projectId, traceId);
      if (trace === undefined || trace.request !== null || trace.reply !== null) return trace;
      // What came as attributes is read out of them.
      const details = await findDetails(projectId, traceId, trace.summary.span_id);
      return details === undefined ? trace : { ...trace, request: details.request, reply: details.reply };
    },
  };
  return [
    listTraces(deps.traces),
    getTrace(traces),
    getTraceOfKey(traces),
    getTraceTree(deps.traces),
    getSpan(findDetails),
  ];
}

/** All spans of a trace without content, and its scores. */
const getTraceTree = (traces: Pick<Store['traces'], 'findTraceTree' | 'listScores'>) =>
  projectOperation({
    endpoint: endpoints.getTraceTree,
    permission: 'traces:read',
    run: async ({ project, params }): Promise<TraceTree> => {
      const [tree, scores] = await Promise.all([
        traces.findTraceTree(project.id, params.trace_id),
        traces.listScores(project.id, { trace_id: params.trace_id, limit: 200 }),
      ]);
      if (tree === undefined) throw missing('trace in this project');
      return { ...tree, scores: scores.data };
    },
  });

/** One span with everything that is known of it. */
const getSpan = (findDetails: FindSpanDetails) =>
  projectOperation({
    endpoint: endpoints.getSpan,
    permission: 'traces:read',
    run: async ({ project, params }): Promise<SpanDetails> => {
      const details = await findDetails(project.id, params.trace_id, params.span_id);
      if (details === undefined) throw missing('span in this trace');
      return details;
    },
  });

function missing(what: string): GatewayError {
  return new GatewayError('not_found', `There is no such ${what}.`, { retryable: false });
}
