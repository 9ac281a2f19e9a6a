import type { TraceSummary } from '@app/contract';
import type { ReactNode } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { formatCount, formatDuration, formatTime } from '../../ui/format.ts';
import { Cost } from './cost.tsx';
import { Preview } from './preview.tsx';
import { Status } from './status.tsx';
import { TraceLink } from './trace-link.tsx';
import type { ColumnName } from './use-columns.ts';

export type TraceColumn = {
  name: ColumnName;
  width: string;
  isNumber?: boolean;
  cell: (row: TraceSummary, onModel: (model: string) => void) => ReactNode;
};

/** What a row of the list can show, in this order. */
export const TRACE_COLUMNS: readonly TraceColumn[] = [
  {
    name: 'Time',
    width: 'w-36',
    cell: (row) => (
      <TraceLink row={row} className="text-soft tabular-nums">
        {formatTime(row.started_at)}
      </TraceLink>
    ),
  },
  {
    name: 'Status',
    width: 'w-20',
    cell: (row) => <Status status={row.status} isFailed={row.error_code !== null} />,
  },
  { name: 'Model', width: 'w-56', cell: (row, onModel) => <Model row={row} onModel={onModel} /> },
  {
    name: 'Message',
    width: '',
    cell: (row) => (
      <span className="text-soft">
        <Preview row={row} />
      </span>
    ),
  },
  { name: 'Prompt', width: 'w-36', cell: ({ prompt }) => <Prompt prompt={prompt} /> },
  { name: 'User', width: 'w-36', cell: ({ user_id: user }) => <bdi className="text-soft">{user}</bdi> },
  {
    name: 'Session',
    width: 'w-36',
    cell: ({ session_id: session }) => <bdi className="text-soft">{session}</bdi>,
  },
  {
    name: 'Tags',
    width: 'w-40',
    cell: ({ tags }) => <bdi className="text-soft">{tags.join(', ')}</bdi>,
  },
  {
    name: 'Environment',
    width: 'w-28',
    cell: ({ environment }) => <span className="text-soft">{environment}</span>,
  },
  {
    name: 'Spans',
    width: 'w-20',
    isNumber: true,
    cell: ({ span_count: spans = 1 }) => <span className="text-soft">{formatCount(spans)}</span>,
  },
  {
    name: 'Tokens in / out',
    width: 'w-32',
    isNumber: true,
    cell: ({ input_tokens: input, output_tokens: output }) => (
      <span className="text-soft">
        {formatCount(input)} / {formatCount(output)}
      </span>
    ),
  },
  {
    name: 'First token',
    width: 'w-24',
    isNumber: true,
    cell: ({ ttft_ms: waited }) => (
      <span className="text-soft">{waited === null ? '–' : formatDuration(waited)}</span>
    ),
  },
  {
    name: 'Cost',
    width: 'w-28',
    isNumber: true,
    cell: ({ cost, cost_label: label }) => <Cost cost={cost} label={label} />,
  },
  {
    name: 'Duration',
    width: 'w-24',
    isNumber: true,
    cell: ({ duration_ms: took }) => <span className="text-soft">{formatDuration(took)}</span>,
  },
];

type ModelProps = { row: TraceSummary; onModel: (model: string) => void };

/** Only the model does not open the trace: it becomes a filter. */
function Model({ row, onModel }: ModelProps) {
  const { model } = row;
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      {model === null ? (
        <span className="truncate text-soft">{row.model_asked ?? (isStep(row) ? row.name : 'no model')}</span>
      ) : (
        <button
          type="button"
          title={model}
          aria-label={`${model}: show only this model`}
          onClick={() => onModel(model)}
          className="relative z-1 min-w-0 truncate decoration-line-strong underline-offset-4 hover:underline"
        >
          {model}
        </button>
      )}
      {row.mode === 'test' ? <Badge>test</Badge> : null}
      {isStep(row) ? <Badge>{row.type}</Badge> : null}
    </span>
  );
}

const isStep = ({ type = 'generation' }: TraceSummary): boolean => type !== 'generation';

function Prompt({ prompt }: { prompt: TraceSummary['prompt'] }) {
  if (prompt == null) return null;
  return (
    <span className="text-soft">
      <bdi>{prompt.name}</bdi>
      {prompt.version === null ? null : <span className="text-faint"> v{prompt.version}</span>}
    </span>
  );
}
