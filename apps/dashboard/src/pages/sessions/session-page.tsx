import type { TraceSummary } from '@app/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ArrowLeft, Trash2 } from 'lucide-react';
import { sessionCallsQuery } from '../../api/traces.ts';
import { useProject } from '../../api/use-project.ts';
import { Card } from '../../ui/card.tsx';
import { formatCount, formatDuration, formatSecond, formatUsd } from '../../ui/format.ts';
import { ROW_LINK } from '../../ui/row-link.ts';
import { ListRows } from '../shell/list-page.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { Cost } from '../traces/cost.tsx';
import { Status } from '../traces/status.tsx';

const route = getRouteApi('/shell/sessions/$sessionId');

/** A session from its first call on: what was said, and what each answer took. */
export function SessionPage() {
  const { sessionId } = route.useParams();
  const { id: project } = useProject();
  const calls = useInfiniteQuery(sessionCallsQuery(project, sessionId));
  return (
    <div className="mx-auto flex max-w-4xl flex-col gap-5">
      <Link
        to="/sessions"
        className="-mb-3 inline-flex items-center gap-1.5 self-start text-soft text-sm hover:text-text"
      >
        <ArrowLeft aria-hidden="true" className="size-4" /> Sessions
      </Link>
      <PageTitle title={sessionId}>
        <Link
          to="/settings"
          search={{ show: 'data' }}
          className="inline-flex h-9 items-center gap-2 rounded-lg px-3 text-soft text-sm hover:bg-sunken"
        >
          <Trash2 aria-hidden="true" className="size-4" /> Delete data
        </Link>
      </PageTitle>
      <ListRows
        pages={calls}
        noun="calls"
        isSearched={false}
        empty={<p>Nothing is kept of this session, or it is another project’s.</p>}
        draw={(rows) => (
          <>
            <Totals rows={rows} isWhole={!calls.hasNextPage} />
            <ol className="flex flex-col gap-3">
              {rows.toReversed().map((row) => (
                <Turn key={row.trace_id + row.span_id} row={row} />
              ))}
            </ol>
          </>
        )}
      />
    </div>
  );
}

function Totals({ rows, isWhole }: { rows: readonly TraceSummary[]; isWhole: boolean }) {
  const sum = (of: (row: TraceSummary) => number) => rows.reduce((total, row) => total + of(row), 0);
  const users = [...new Set(rows.flatMap((row) => row.user_id ?? []))];
  return (
    <p className="text-soft text-sm tabular-nums">
      {isWhole ? '' : 'The newest '}
      {rows.length.toLocaleString('en-US')} calls · {formatCount(sum((row) => row.input_tokens))} tokens in,{' '}
      {formatCount(sum((row) => row.output_tokens))} out · {formatUsd(sum((row) => row.cost.nanos) / 1e9)}
      {users.length === 0 ? '' : ` · ${users.join(', ')}`}
    </p>
  );
}

/** One call as a turn of a conversation. */
function Turn({ row }: { row: TraceSummary }) {
  return (
    <li>
      <Card className="relative flex flex-col gap-2.5 p-4 hover:border-line-strong">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-faint text-xs tabular-nums">
          <Link
            to="/traces/$traceId"
            params={{ traceId: row.trace_id }}
            search={{ span: row.span_id }}
            className={`text-soft ${ROW_LINK}`}
          >
            {formatSecond(row.started_at)}
          </Link>
          <Status status={row.status} isFailed={row.error_code !== null} />
          <span>{row.model ?? row.model_asked ?? row.name}</span>
          <span className="ml-auto flex gap-3">
            <span>{formatDuration(row.duration_ms)}</span>
            <Cost cost={row.cost} label={row.cost_label} />
          </span>
        </p>
        <Said by="asked" text={row.input_preview} />
        <Said by="answered" text={row.output_preview} />
      </Card>
    </li>
  );
}

function Said({ by, text }: { by: string; text: string }) {
  if (text === '') return null;
  return (
    <p className="flex gap-3 text-sm">
      <span className="w-16 shrink-0 text-faint text-xs leading-5">{by}</span>
      <bdi className="min-w-0 wrap-anywhere">{text}</bdi>
    </p>
  );
}
