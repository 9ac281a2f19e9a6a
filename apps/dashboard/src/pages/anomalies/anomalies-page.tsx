import type { Anomaly } from '@app/contract';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { acknowledgeAnomaly, anomaliesQuery } from '../../api/alerts.ts';
import { usePermission } from '../../api/use-permission.ts';
import { useProject } from '../../api/use-project.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Empty, Failed, Skeleton } from '../../ui/page-status.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { AnomalyCard } from './anomaly-card.tsx';

const route = getRouteApi('/shell/anomalies');
const shows = [
  { value: 'open', label: 'Open' },
  { value: 'over', label: 'Over' },
  { value: 'acknowledged', label: 'Acknowledged' },
  { value: 'all', label: 'All' },
] as const;

/** What was not as usual, with what usual is. */
export function AnomaliesPage() {
  const { state } = route.useSearch();
  const navigate = useNavigate({ from: '/anomalies' });
  return (
    <div className="mx-auto flex max-w-6xl flex-col items-stretch gap-5">
      <PageTitle title="Anomalies">
        <Segmented
          label="State"
          value={state}
          options={shows}
          onChange={(chosen) => navigate({ search: (kept) => ({ ...kept, state: chosen }) })}
        />
      </PageTitle>
      <AnomalyList state={state} />
    </div>
  );
}

function AnomalyList({ state }: { state: Anomaly['state'] | 'all' }) {
  const { id: project } = useProject();
  const mayWrite = usePermission('settings:write');
  const queries = useQueryClient();
  const anomalies = useInfiniteQuery(anomaliesQuery(project, state === 'all' ? undefined : state));
  const acknowledging = useMutation({
    mutationFn: (id: string) => acknowledgeAnomaly(project, id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['anomalies', project] }),
  });
  if (anomalies.isPending) return <Skeleton className="h-64 rounded-xl" />;
  if (anomalies.isError && anomalies.data === undefined) {
    return <Failed message={anomalies.error.message} onRetry={() => anomalies.refetch()} />;
  }
  const rows = anomalies.data.pages.flatMap((page) => page.data);
  if (rows.length === 0) return <Nothing isOpen={state === 'open'} />;
  return (
    <>
      {acknowledging.error ? <Notice tone="bad">{acknowledging.error.message}</Notice> : null}
      <ol aria-label="Anomalies, newest first" className="flex flex-col gap-4">
        {rows.map((anomaly) => (
          <AnomalyCard
            key={anomaly.id}
            anomaly={anomaly}
            isBusy={acknowledging.isPending && acknowledging.variables === anomaly.id}
            onAcknowledge={mayWrite ? () => acknowledging.mutate(anomaly.id) : undefined}
          />
        ))}
      </ol>
      {anomalies.hasNextPage ? (
        <Button
          onClick={() => anomalies.fetchNextPage()}
          isBusy={anomalies.isFetchingNextPage}
          className="self-center"
        >
          Show earlier ones
        </Button>
      ) : null}
    </>
  );
}

function Nothing({ isOpen }: { isOpen: boolean }) {
  return (
    <Card>
      <Empty title={isOpen ? 'Everything is as usual' : 'Nothing like this'}>
        <p>
          Each hour the spend, errors, calls and latency of the project and of its largest keys, models and
          users are held against the same hour of earlier days. What is far from usual stands here, with what
          usual is and who had the largest part in it.
        </p>
      </Empty>
    </Card>
  );
}
