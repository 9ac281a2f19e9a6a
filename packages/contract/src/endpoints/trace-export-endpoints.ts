import { z } from 'zod';
import { type Endpoint, inProject, noBody } from '../endpoint.ts';
import { TraceSearch } from '../traces.ts';

/** What a file of calls, traces or spans holds: all that the list finds, in every page of it. */
export const TraceExport = TraceSearch.omit({ limit: true, cursor: true }).extend({
  format: z.enum(['ndjson', 'csv', 'parquet']).default('ndjson'),
  /** What was asked and answered as well. Only as NDJSON, and not of whole traces. */
  content: z.stringbool().default(false),
});
export type TraceExport = z.output<typeof TraceExport>;

/** What was traced, as a file. */
export const traceExportEndpoints = {
  exportTraces: {
    method: 'GET',
    path: '/api/v1/projects/{project}/traces/export',
    params: inProject,
    query: TraceExport,
    body: noBody,
    status: 200,
    output: z.unknown(),
    file: true,
  },
} as const satisfies { [name: string]: Endpoint };
