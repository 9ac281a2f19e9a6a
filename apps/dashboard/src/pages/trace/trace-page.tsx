import type { TraceTree } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft, GitCompareArrows, Link2 } from 'lucide-react';
import { traceTreeQuery } from '../../api/trace-trees.ts';
import { useProject } from '../../api/use-project.ts';
import { Card } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Failed, Skeleton } from '../../ui/page-status.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { SpanPanel } from './span-panel.tsx';
import { SpanTree } from './span-tree.tsx';
import { TraceHead } from './trace-head.tsx';

const route = getRouteApi('/shell/traces/$traceId');

/** A whole trace: all of its spans at the left, the chosen one at the right. */
export function TracePage() {
  const { traceId } = route.useParams();
  const { id: project } = useProject();
  const tree = useQuery(traceTreeQuery(project, traceId));
  return (
    <div className="mx-auto flex max-w-[110rem] flex-col gap-5">
      <BackToTraces />
      {tree.isPending ? <Skeleton className="h-[70vh] rounded-xl" /> : null}
      {tree.isError ? <Failed message={tree.error.message} onRetry={() => tree.refetch()} /> : null}
      {tree.data === undefined ? null : <Found project={project} tree={tree.data} />}
    </div>
  );
}

function BackToTraces() {
  return (
    <Link
      to="/traces"
      className="-mb-3 inline-flex items-center gap-1.5 self-start text-soft text-sm hover:text-text"
    >
      <ArrowLeft aria-hidden="true" className="size-4" /> Traces
    </Link>
  );
}

function Found({ project, tree }: { project: string; tree: TraceTree }) {
  const { span, view } = route.useSearch();
  const navigate = useNavigate({ from: '/traces/$traceId' });
  const chosenId = span ?? firstToSee(tree);
  const show = (changed: { span?: string; view?: 'tree' | 'timeline' }) =>
    navigate({ search: (kept) => ({ ...kept, ...changed }), replace: true, resetScroll: false });
  return (
    <>
      <PageTitle title={tree.name === '' ? 'Trace' : tree.name}>
        <Link
          to="/compare"
          search={{ left: tree.trace_id, left_span: chosenId }}
          className="inline-flex h-9 items-center gap-2 rounded-lg border border-line-strong bg-surface px-3.5 font-medium text-sm hover:bg-sunken"
        >
          <GitCompareArrows aria-hidden="true" className="size-4" /> Compare
        </Link>
        <CopyButton
          label="Copy link"
          text={() => location.href}
          icon={<Link2 aria-hidden="true" className="size-4" />}
        />
      </PageTitle>
      <TraceHead tree={tree} />
      <div className="grid gap-5 xl:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
        <SpanTree
          tree={tree}
          view={view}
          chosenId={chosenId}
          onView={(chosen) => show({ view: chosen })}
          onChoose={(id) => show({ span: id })}
        />
        <Card className="min-w-0 overflow-hidden">
          {chosenId === undefined ? null : (
            <SpanPanel key={chosenId} project={project} traceId={tree.trace_id} spanId={chosenId} />
          )}
        </Card>
      </div>
    </>
  );
}

/** What failed is why somebody came; else the first call; else where it began. */
function firstToSee({ spans }: TraceTree): string | undefined {
  const failed = spans.find((span) => span.outcome === 'failed' && span.kind !== 'attempt');
  const call = spans.find((span) => span.kind === 'call');
  return (failed ?? call ?? spans[0])?.span_id;
}
