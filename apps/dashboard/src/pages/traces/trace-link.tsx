import type { TraceSummary } from '@app/contract';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatTime } from '../../ui/format.ts';

type Props = { row: TraceSummary; className: string; children: ReactNode };

/** Where the focus returns when the trace is closed. */
export const idOfTraceLink = (traceId: string): string => `trace-${traceId}`;

/** A link that fills the row or card it stands in. Being a link, it opens in a new tab too. */
export function TraceLink({ row, className, children }: Props) {
  const model = row.model ?? row.model_asked ?? 'no model';
  return (
    <Link
      id={idOfTraceLink(row.trace_id)}
      from="/traces"
      to="/traces"
      search={(kept) => ({ ...kept, trace: row.trace_id })}
      resetScroll={false}
      preload={false}
      aria-label={`${formatTime(row.started_at)}, ${model}, status ${row.status}: open the trace`}
      className={`-outline-offset-2 after:absolute after:inset-0 focus-visible:outline-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent ${className}`}
    >
      {children}
    </Link>
  );
}
