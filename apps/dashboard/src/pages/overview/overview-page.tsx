import type { Overview } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type OverviewFilter, overviewQuery } from '../../api/overview.ts';
import { useEnvironment } from '../../api/use-environment.ts';
import { useProject } from '../../api/use-project.ts';
import { Failed, Skeleton } from '../../ui/page-status.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { Figures } from './figures.tsx';
import { FirstCall } from './first-call.tsx';
import { SpendByModel } from './spend-by-model.tsx';
import { TopPrompts } from './top-prompts.tsx';

const route = getRouteApi('/shell/');
const ranges = [
  { value: '1h', label: '1 h' },
  { value: '24h', label: '24 h' },
  { value: '7d', label: '7 d' },
  { value: '30d', label: '30 d' },
] as const;
const modes = [
  { value: 'all', label: 'All' },
  { value: 'live', label: 'Live' },
  { value: 'test', label: 'Test' },
] as const;

export function OverviewPage() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/' });
  const project = useProject();
  const environment = useEnvironment();
  const overview = useQuery(overviewQuery(project.id, { ...search, environment }));
  return (
    <div className="mx-auto flex max-w-6xl flex-col gap-6">
      <PageTitle title="Overview">
        <Segmented
          label="Mode"
          value={search.mode ?? 'all'}
          options={modes}
          onChange={(mode) => navigate({ search: { ...search, mode: mode === 'all' ? undefined : mode } })}
        />
        <Segmented
          label="Range"
          value={search.range}
          options={ranges}
          onChange={(range) => navigate({ search: { ...search, range } })}
        />
      </PageTitle>
      {overview.isError && overview.data === undefined ? (
        <Failed message={overview.error.message} onRetry={() => overview.refetch()} />
      ) : null}
      {overview.isPending ? <Loading /> : null}
      {overview.data ? <Content overview={overview.data} search={search} /> : null}
    </div>
  );
}

type ContentProps = { overview: Overview; search: OverviewFilter };

function Content({ overview, search }: ContentProps) {
  const isEmpty = overview.traces.now === 0 && (overview.traces.before ?? 0) === 0;
  return (
    <>
      <Figures overview={overview} />
      {isEmpty ? <FirstCall /> : <SpendByModel spend={overview.spend_by_model} search={search} />}
      {isEmpty ? null : <TopPrompts />}
    </>
  );
}

function Loading() {
  return (
    <div className="flex flex-col gap-6">
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4 lg:gap-4">
        {['spend', 'latency', 'traces', 'errors'].map((name) => (
          <Skeleton key={name} className="h-28 rounded-xl" />
        ))}
      </div>
      <Skeleton className="h-96 rounded-xl" />
    </div>
  );
}
