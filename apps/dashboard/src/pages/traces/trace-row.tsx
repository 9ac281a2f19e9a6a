import type { TraceSummary } from '@app/contract';
import { Badge } from '../../ui/badge.tsx';
import { classNames } from '../../ui/class-names.ts';
import { formatCount, formatDuration, formatTime } from '../../ui/format.ts';
import { Cost } from './cost.tsx';
import { Preview } from './preview.tsx';
import { Status } from './status.tsx';
import { TraceLink } from './trace-link.tsx';

type Props = { row: TraceSummary; at: number; isOpen: boolean; onModel: (model: string) => void };

/** The whole row opens its trace; only the model does something else: it becomes a filter. */
export function TraceRow({ row, at, isOpen, onModel }: Props) {
  return (
    <tr
      // The heading is the first row.
      aria-rowindex={at + 2}
      className={classNames(
        'relative h-[41px] border-line border-t first:border-0 hover:bg-sunken',
        isOpen && 'bg-accent-soft',
      )}
    >
      <td className="whitespace-nowrap pr-3 pl-5">
        <TraceLink row={row} className="text-soft tabular-nums">
          {formatTime(row.started_at)}
        </TraceLink>
      </td>
      <td className="px-3">
        <Status status={row.status} isFailed={row.error_code !== null} />
      </td>
      <td className="px-3">
        <span className="flex min-w-0 items-center gap-1.5">
          <Model row={row} onModel={onModel} />
          {row.mode === 'test' ? <Badge>test</Badge> : null}
        </span>
      </td>
      <td className="truncate px-3 text-soft">
        <Preview row={row} />
      </td>
      <td className="whitespace-nowrap px-3 text-right text-soft tabular-nums">
        {formatCount(row.input_tokens)} / {formatCount(row.output_tokens)}
      </td>
      <td className="whitespace-nowrap px-3 text-right tabular-nums">
        <Cost cost={row.cost} label={row.cost_label} />
      </td>
      <td className="whitespace-nowrap pr-5 pl-3 text-right text-soft tabular-nums">
        {formatDuration(row.duration_ms)}
      </td>
    </tr>
  );
}

function Model({ row, onModel }: Pick<Props, 'row' | 'onModel'>) {
  const { model } = row;
  if (model === null) {
    return <span className="truncate text-soft">{row.model_asked ?? 'no model'}</span>;
  }
  return (
    <button
      type="button"
      title={model}
      aria-label={`${model}: show only this model`}
      onClick={() => onModel(model)}
      className="relative z-1 min-w-0 truncate decoration-line-strong underline-offset-4 hover:underline"
    >
      {model}
    </button>
  );
}
