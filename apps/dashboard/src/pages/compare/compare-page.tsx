import type { SpanDetails } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeftRight } from 'lucide-react';
import { type SpanPlace, spanQuery, traceTreeQuery } from '../../api/trace-trees.ts';
import { useProject } from '../../api/use-project.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Failed, Skeleton } from '../../ui/page-status.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { ChooseTrace } from './choose-trace.tsx';
import { CompareFigures } from './compare-figures.tsx';
import { CompareTexts } from './compare-texts.tsx';

const route = getRouteApi('/shell/compare');

type Side = 'left' | 'right';

/** Two spans beside each other: their figures, and how their texts differ. */
export function ComparePage() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/compare' });
  const { id: project } = useProject();
  const left = useCompared(project, search.left, search.left_span);
  const right = useCompared(project, search.right, search.right_span);
  const choose = (side: Side) => (traceId: string | undefined) =>
    navigate({
      search: (kept) => ({ ...kept, [side]: traceId, [`${side}_span`]: undefined }),
      replace: true,
    });
  const swap = () =>
    navigate({
      search: ({ left: a, left_span: b, right: c, right_span: d, ...kept }) => ({
        ...kept,
        ...{ left: c, left_span: d, right: a, right_span: b },
      }),
      replace: true,
    });
  const isBoth = left.data !== undefined && right.data !== undefined;
  return (
    <div className="mx-auto flex max-w-7xl flex-col gap-5">
      <PageTitle title="Compare">
        <Button onClick={swap} disabled={search.left === undefined && search.right === undefined}>
          <ArrowLeftRight aria-hidden="true" className="size-4" /> Swap
        </Button>
      </PageTitle>
      <div className="grid gap-4 md:grid-cols-2">
        <Chosen name="Left" traceId={search.left} span={left} onChoose={choose('left')} />
        <Chosen name="Right" traceId={search.right} span={right} onChoose={choose('right')} />
      </div>
      {isBoth ? (
        <>
          <CompareFigures left={left.data} right={right.data} />
          <CompareTexts left={left.data} right={right.data} />
        </>
      ) : null}
    </div>
  );
}

/** The span that is named, or else the first call of the trace. */
function useCompared(project: string, traceId: string | undefined, named: string | undefined) {
  const tree = useQuery({
    ...traceTreeQuery(project, traceId ?? ''),
    enabled: traceId !== undefined && named === undefined,
  });
  const first = tree.data?.spans.find((span) => span.kind === 'call') ?? tree.data?.spans[0];
  const spanId = named ?? first?.span_id;
  const place: SpanPlace = { traceId: traceId ?? '', spanId: spanId ?? '' };
  const span = useQuery({
    ...spanQuery(project, place),
    enabled: traceId !== undefined && spanId !== undefined,
  });
  return tree.isError ? { ...span, isError: true, error: tree.error } : span;
}

type ChosenProps = {
  name: string;
  traceId: string | undefined;
  span: { data: SpanDetails | undefined; isError: boolean; error: Error | null; refetch: () => unknown };
  onChoose: (traceId: string | undefined) => void;
};

function Chosen({ name, traceId, span, onChoose }: ChosenProps) {
  if (traceId === undefined) return <ChooseTrace name={name} onChoose={onChoose} />;
  return (
    <Card className="flex min-w-0 flex-col gap-2 p-4">
      <p className="flex items-center justify-between gap-2 text-faint text-xs">
        {name}
        <Button look="quiet" isSmall onClick={() => onChoose(undefined)}>
          Choose another
        </Button>
      </p>
      {span.isError ? <Failed message={span.error?.message ?? ''} onRetry={span.refetch} /> : null}
      {span.data === undefined ? (
        span.isError ? null : (
          <Skeleton className="h-12" />
        )
      ) : (
        <Link
          to="/traces/$traceId"
          params={{ traceId }}
          search={{ span: span.data.span_id }}
          className="min-w-0 font-medium underline decoration-line-strong underline-offset-4 wrap-anywhere hover:decoration-accent"
        >
          <bdi>{span.data.name}</bdi>
        </Link>
      )}
      <p className="font-mono text-faint text-xs wrap-anywhere">{traceId}</p>
    </Card>
  );
}
