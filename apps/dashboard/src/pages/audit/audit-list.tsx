import type { AuditEvent } from '@app/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type AuditFilter, auditQuery } from '../../api/audit.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { Empty, Failed, Skeleton } from '../../ui/page-status.tsx';
import { AuditDetails } from './audit-details.tsx';
import { AuditRow } from './audit-row.tsx';
import { auditText } from './audit-text.ts';

type Props = {
  organization: string;
  filter: AuditFilter;
  openId: string | undefined;
  onOpen: (id: string | undefined) => void;
  onFilter: (changed: AuditFilter) => void;
};

export function AuditList({ organization, filter, openId, onOpen, onFilter }: Props) {
  const events = useInfiniteQuery(auditQuery(organization, filter));
  if (events.isPending) return <Skeleton className="h-96 rounded-xl" />;
  if (events.isError && events.data === undefined) {
    return <Failed message={events.error.message} onRetry={() => events.refetch()} />;
  }
  const rows = events.data.pages.flatMap((page) => page.data);
  if (rows.length === 0) return <Nothing isFiltered={Object.values(filter).some((each) => each)} />;
  const open = rows.find(({ id }) => id === openId);
  return (
    <>
      <Card>
        <ol aria-label="What was done, newest first" className="divide-y divide-line">
          {rows.map((event) => (
            <AuditRow key={event.id} event={event} onOpen={() => onOpen(event.id)} />
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
      ) : (
        <p className="self-center text-faint text-xs">That is all of it.</p>
      )}
      <Drawer
        isOpen={open !== undefined}
        title={open === undefined ? '' : titleOf(open)}
        actions={null}
        returnTo={openId === undefined ? undefined : `event-${openId}`}
        onClose={() => onOpen(undefined)}
      >
        {open === undefined ? null : <AuditDetails event={open} onFilter={onFilter} />}
      </Drawer>
    </>
  );
}

const titleOf = ({ action, target }: AuditEvent): string =>
  `${auditText(action)}${target?.name ? ` “${target.name}”` : ''}`.replace(/^./, (letter) =>
    letter.toUpperCase(),
  );

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  return (
    <Card>
      <Empty title={isFiltered ? 'Nothing like this' : 'Nothing yet'}>
        <p>
          {isFiltered
            ? 'No event fits all filters. Take one away.'
            : 'Every change of keys, members, limits, budgets and settings, every sign-in and everything that was refused will stand here.'}
        </p>
      </Empty>
    </Card>
  );
}
