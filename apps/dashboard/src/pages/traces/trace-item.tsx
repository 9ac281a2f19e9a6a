import type { TraceSummary } from '@app/contract';
import { Badge } from '../../ui/badge.tsx';
import { formatCount, formatDuration, formatTime } from '../../ui/format.ts';
import { Cost } from './cost.tsx';
import { Preview } from './preview.tsx';
import { Status } from './status.tsx';
import { TraceLink } from './trace-link.tsx';

/** One call on a phone. */
export function TraceItem({ row }: { row: TraceSummary }) {
  return (
    <div className="relative flex flex-col gap-1.5 px-4 py-3">
      <div className="flex items-center gap-2 text-sm">
        <Status status={row.status} isFailed={row.error_code !== null} />
        <span className="truncate font-medium">{row.model ?? row.model_asked ?? 'no model'}</span>
        {row.mode === 'test' ? <Badge>test</Badge> : null}
        <TraceLink row={row} className="ml-auto shrink-0 text-faint text-xs tabular-nums">
          {formatTime(row.started_at)}
        </TraceLink>
      </div>
      <p className="line-clamp-2 text-soft text-sm wrap-anywhere">
        <Preview row={row} />
      </p>
      <p className="flex gap-3 text-faint text-xs tabular-nums">
        <span>
          {formatCount(row.input_tokens)} / {formatCount(row.output_tokens)} tokens
        </span>
        <Cost cost={row.cost} label={row.cost_label} />
        <span>{formatDuration(row.duration_ms)}</span>
      </p>
    </div>
  );
}
