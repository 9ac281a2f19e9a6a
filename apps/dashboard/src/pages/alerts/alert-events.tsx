import type { AlertEvent } from '@app/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type AlertPlace, alertEventsQuery } from '../../api/alerts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { formatSecond } from '../../ui/format.ts';
import { Empty, Failed, Skeleton } from '../../ui/page-status.tsx';

/** What alerts told, newest first, and whether it arrived. */
export function AlertEvents({ place }: { place: AlertPlace }) {
  const events = useInfiniteQuery(alertEventsQuery(place));
  if (events.isPending) return <Skeleton className="h-64 rounded-xl" />;
  if (events.isError && events.data === undefined) {
    return <Failed message={events.error.message} onRetry={() => events.refetch()} />;
  }
  const rows = events.data.pages.flatMap((page) => page.data);
  if (rows.length === 0) return <Nothing />;
  return (
    <>
      <Card>
        <ol aria-label="What alerts told, newest first" className="divide-y divide-line">
          {rows.map((event) => (
            <Entry key={event.id} event={event} />
          ))}
        </ol>
      </Card>
      {events.hasNextPage ? (
        <Button
          onClick={() => events.fetchNextPage()}
          isBusy={events.isFetchingNextPage}
          className="self-center"
        >
          Show earlier ones
        </Button>
      ) : null}
    </>
  );
}

function Entry({ event }: { event: AlertEvent }) {
  const { state, severity, alert_name, subject, explanation, at, deliveries } = event;
  const isBad = severity === 'critical';
  return (
    <li className="flex flex-col gap-1 px-4 py-3.5 text-sm lg:px-5">
      <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <Badge tone={state === 'resolved' ? 'good' : isBad ? 'bad' : 'warn'}>{state}</Badge>
        <span className="min-w-0 font-medium wrap-anywhere">
          {alert_name}
          {subject === '' ? '' : `: ${subject}`}
        </span>
        <span className="text-faint text-xs tabular-nums lg:ml-auto">{formatSecond(at)}</span>
      </p>
      <p className="text-soft wrap-anywhere">{explanation}</p>
      <p className="text-faint text-xs wrap-anywhere">
        {deliveries.length === 0 ? 'Told nobody.' : deliveries.map(deliveryText).join(' · ')}
      </p>
    </li>
  );
}

const deliveryText = ({ name, ok, error }: AlertEvent['deliveries'][number]): string =>
  ok ? `told ${name}` : `did not reach ${name}${error === null ? '' : `: ${error}`}`;

function Nothing() {
  return (
    <Card>
      <Empty title="Nothing was told yet">
        <p>When an alert begins or ends to fire, it stands here with the figures.</p>
      </Empty>
    </Card>
  );
}
