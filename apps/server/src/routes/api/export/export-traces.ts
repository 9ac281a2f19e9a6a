import { endpoints } from '@app/contract';
import type { Store } from '@app/store';
import { createTraceExports } from '../../../exports/create-trace-exports.ts';
import type { FindPrice } from '../../../prices/reprice-call.ts';
import { createFindSpanDetails } from '../../../traces/create-find-span-details.ts';
import { type Operation, projectOperation } from '../operation.ts';

export type TraceExportDeps = {
  traces: Pick<Store['traces'], 'listTracesToExport' | 'findSpan' | 'listScores'>;
  findPrice: FindPrice;
  nowMs: () => number;
};

/** What a search finds, as a file. */
export function exportTraces({ traces, findPrice, nowMs }: TraceExportDeps): Operation {
  const traceExports = createTraceExports({
    listTracesToExport: traces.listTracesToExport,
    findDetails: createFindSpanDetails({ traces, findPrice }),
    nowMs,
  });
  return projectOperation({
    endpoint: endpoints.exportTraces,
    permission: 'traces:read',
    run: ({ project, query, stillMay }) =>
      traceExports.begin({ projectId: project.id, search: query, stillMay }),
  });
}
