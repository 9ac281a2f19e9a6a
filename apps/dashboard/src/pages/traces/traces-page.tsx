import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Pause, Play } from 'lucide-react';
import { useState } from 'react';
import { type TraceFilter, tracesQuery } from '../../api/traces.ts';
import { useProject } from '../../api/use-project.ts';
import { tracesRoute } from '../../router.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Empty, Failed, Skeleton } from '../../ui/page-status.tsx';
import { FirstCall } from '../overview/first-call.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { Filters } from './filters.tsx';
import { TraceDrawer } from './trace-drawer.tsx';
import { TraceTable } from './trace-table.tsx';

/** Every call, newest first. The filters and the open trace stand in the address, so that a view can be sent on. */
export function TracesPage() {
  const { trace, ...filter } = tracesRoute.useSearch();
  const navigate = useNavigate({ from: '/traces' });
  const project = useProject();
  const [isLive, setIsLive] = useState(true);
  const open = (traceId: string | undefined) =>
    navigate({ search: { ...filter, trace: traceId }, resetScroll: false });
  return (
    <div className="mx-auto flex max-w-7xl flex-col gap-5">
      <PageTitle title="Traces">
        <Button onClick={() => setIsLive(!isLive)} aria-pressed={isLive}>
          {isLive ? (
            <Pause aria-hidden="true" className="size-4" />
          ) : (
            <Play aria-hidden="true" className="size-4" />
          )}
          {isLive ? 'Live' : 'Paused'}
        </Button>
      </PageTitle>
      <Filters
        filter={filter}
        onChange={(changed) => navigate({ search: { ...filter, ...changed }, replace: true })}
      />
      <Rows project={project.slug} filter={filter} isLive={isLive} openId={trace} onOpen={open} />
      <TraceDrawer project={project.slug} traceId={trace} onClose={() => open(undefined)} />
    </div>
  );
}

type RowsProps = {
  project: string;
  filter: TraceFilter;
  isLive: boolean;
  openId: string | undefined;
  onOpen: (traceId: string) => void;
};

function Rows({ project, filter, isLive, openId, onOpen }: RowsProps) {
  const traces = useInfiniteQuery(tracesQuery(project, filter, isLive));
  if (traces.isPending) return <Skeleton className="h-112 rounded-xl" />;
  if (traces.isError && traces.data === undefined) {
    return <Failed message={traces.error.message} onRetry={() => traces.refetch()} />;
  }
  const rows = traces.data.pages.flatMap((page) => page.data);
  if (rows.length === 0) return isFiltered(filter) ? <NothingFits /> : <FirstCall />;
  return (
    <>
      <TraceTable rows={rows} openId={openId} onOpen={onOpen} />
      {traces.hasNextPage ? (
        <Button
          onClick={() => traces.fetchNextPage()}
          isBusy={traces.isFetchingNextPage}
          className="self-center"
        >
          Load older traces
        </Button>
      ) : (
        <p className="text-center text-faint text-xs">That is all of them.</p>
      )}
    </>
  );
}

function NothingFits() {
  return (
    <Card>
      <Empty title="No trace fits these filters">Remove one of them, or look at a longer time.</Empty>
    </Card>
  );
}

const isFiltered = (filter: TraceFilter): boolean =>
  Object.values(filter).some((value) => value !== undefined);
