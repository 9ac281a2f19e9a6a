import type { TraceSummary } from '@app/contract';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatTime } from '../../ui/format.ts';
import { ROW_LINK } from '../../ui/row-link.ts';

type Props = { row: TraceSummary; className: string; children: ReactNode };

/** Where the focus returns when the trace is closed. */
export const idOfTraceLink = (traceId: string): string => `trace-${traceId}`;

/** The gateway's own call is known by its trace; of a trace with many spans, the row's is meant. */
const spanOf = ({ source, span_id: id }: TraceSummary): string | undefined =>
  source === undefined || source === 'gateway' ? undefined : id;

/** A link that fills the row or card it stands in. Being a link, it opens in a new tab too. */
export function TraceLink({ row, className, children }: Props) {
  const model = row.model ?? row.model_asked ?? row.name;
  const label = `${formatTime(row.started_at)}, ${model}, status ${row.status}: open the trace`;
  const look = `${ROW_LINK} ${className}`;
  if (row.span_count !== undefined && row.span_count > 1) {
    return (
      <Link
        id={idOfTraceLink(row.trace_id)}
        to="/traces/$traceId"
        params={{ traceId: row.trace_id }}
        aria-label={label}
        className={look}
      >
        {children}
      </Link>
    );
  }
  return (
    <Link
      id={idOfTraceLink(row.trace_id)}
      from="/traces"
      to="/traces"
      search={(kept) => ({ ...kept, trace: row.trace_id, span: spanOf(row) })}
      resetScroll={false}
      preload={false}
      aria-label={label}
      className={look}
    >
      {children}
    </Link>
  );
}
