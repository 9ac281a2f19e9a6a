import type { TraceSummary } from '@app/contract';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ArrowUp } from 'lucide-react';
import { useState } from 'react';
import type { TraceFilter } from '../../api/traces.ts';
import { useProject } from '../../api/use-project.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Empty, Failed, Skeleton } from '../../ui/page-status.tsx';
import { useScrolled } from '../../ui/use-scrolled.ts';
import { FirstCall } from '../overview/first-call.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { ColumnChoice } from './column-choice.tsx';
import { ExportMenu } from './export-menu.tsx';
import { Filters } from './filters.tsx';
import { limitTitle } from './limit-title.ts';
import { LiveButton } from './live-button.tsx';
import { OlderTraces } from './older-traces.tsx';
import { TraceDrawer } from './trace-drawer.tsx';
import { TraceTable } from './trace-table.tsx';
import { type ColumnName, useColumns } from './use-columns.ts';
import { useTraceList } from './use-trace-list.ts';

const route = getRouteApi('/shell/traces');
/** Scrolled further than this, somebody reads in the list. */
const READING_PX = 160;

/** Every call, trace or span, newest first. The filters and the open trace stand in the address, so that a view can be sent on. */
export function TracesPage() {
  const { trace, span, project: _named, ...filter } = route.useSearch();
  const navigate = useNavigate({ from: '/traces' });
  const { id: project } = useProject();
  const [isLive, setIsLive] = useState(true);
  const isScrolled = useScrolled(READING_PX);
  const [columns, setColumns] = useColumns();
  const list = useTraceList(project, filter, { isLive, isReading: isScrolled || trace !== undefined });
  const open = (traceId: string | undefined) =>
    navigate({
      search: (kept) => ({ ...kept, trace: traceId, span: undefined }),
      replace: trace !== undefined,
      resetScroll: false,
    });
  const change = (changed: TraceFilter) =>
    navigate({ search: (kept) => ({ ...kept, ...changed }), replace: true, resetScroll: false });
  const follow = () => {
    scrollTo(0, 0);
    setIsLive(true);
    list.follow();
  };
  return (
    <div className="mx-auto flex max-w-7xl flex-col gap-5">
      <PageTitle title="Traces">
        <ColumnChoice chosen={columns} onChange={setColumns} />
        <ExportMenu project={project} filter={filter} />
        <LiveButton isLive={isLive} onChange={setIsLive} />
      </PageTitle>
      <Filters
        project={project}
        filter={filter}
        limitName={nameOfLimit(list.rows, filter.limit_id)}
        hasShortcut={trace === undefined}
        onChange={change}
      />
      {list.newCount > 0 ? <NewTraces count={list.newCount} onShow={follow} /> : null}
      <Rows list={list} filter={filter} columns={columns} openId={trace} onChange={change} />
      <TraceDrawer project={project} rows={list.rows} traceId={trace} spanId={span} onOpen={open} />
    </div>
  );
}

type RowsProps = {
  list: ReturnType<typeof useTraceList>;
  filter: TraceFilter;
  columns: readonly ColumnName[];
  openId: string | undefined;
  onChange: (changed: TraceFilter) => void;
};

function Rows({ list: { newest, rows, older }, filter, columns, openId, onChange }: RowsProps) {
  if (newest.isPending) return <Skeleton className="h-112 rounded-xl" />;
  if (newest.isError && newest.data === undefined) {
    return <Failed message={newest.error.message} onRetry={() => newest.refetch()} />;
  }
  if (rows.length === 0) return isFiltered(filter) ? <NothingFits /> : <FirstCall />;
  return (
    <div
      aria-busy={newest.isPlaceholderData}
      className={`flex flex-col gap-5 ${newest.isPlaceholderData ? 'opacity-60' : ''}`}
    >
      <TraceTable rows={rows} columns={columns} openId={openId} onModel={(model) => onChange({ model })} />
      <OlderTraces older={older} count={rows.length} noun={filter.of ?? 'calls'} />
    </div>
  );
}

/** Floats above the list, so that nothing moves when it comes. */
function NewTraces({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <div className="pointer-events-none fixed inset-x-0 top-20 z-20 flex justify-center lg:top-4 lg:left-60">
      <Button look="primary" onClick={onShow} className="pointer-events-auto rounded-full shadow-raised">
        <ArrowUp aria-hidden="true" className="size-4" />
        {count >= 50 ? '50 or more new' : `${count} new`}
      </Button>
    </div>
  );
}

function NothingFits() {
  return (
    <Card>
      <Empty title="No trace fits these filters">Remove one of them, or look at a longer time.</Empty>
    </Card>
  );
}

/** Each of the calls that a limit refused tells what it is called. */
function nameOfLimit(rows: readonly TraceSummary[], id: string | undefined): string | undefined {
  const refusals = rows.flatMap(({ limits }) => limits?.refused_by ?? []);
  const limit = refusals.find((refusal) => refusal.id === id);
  return limit === undefined ? undefined : limitTitle(limit);
}

const isFiltered = (filter: TraceFilter): boolean =>
  Object.entries(filter).some(([name, value]) => name !== 'of' && value !== undefined);
