import { SpanDetails, TraceTree } from '@app/contract';
import { queryOptions } from '@tanstack/react-query';
import { ask } from './client.ts';

const path = (project: string, traceId: string) =>
  `/api/v1/projects/${encodeURIComponent(project)}/traces/${encodeURIComponent(traceId)}/spans`;

/** All spans of a trace without content. Spans may still come, so it is asked for again when somebody returns to it. */
export const traceTreeQuery = (project: string, traceId: string) =>
  queryOptions({
    queryKey: ['trace-tree', project, traceId],
    queryFn: ({ signal }) => ask(path(project, traceId), TraceTree, { signal }),
    staleTime: 10_000,
  });

export type SpanPlace = { traceId: string; spanId: string };

/** One span with its content. */
export const spanQuery = (project: string, { traceId, spanId }: SpanPlace) =>
  queryOptions({
    queryKey: ['span', project, traceId, spanId],
    queryFn: ({ signal }) =>
      ask(`${path(project, traceId)}/${encodeURIComponent(spanId)}`, SpanDetails, { signal }),
    staleTime: 30_000,
  });
