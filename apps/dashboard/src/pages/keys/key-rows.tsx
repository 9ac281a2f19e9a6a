import type { Key } from '@app/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyFilter, keysQuery } from '../../api/keys.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Empty, Failed, Skeleton } from '../../ui/page-status.tsx';
import type { KeyAction } from './key-actions.tsx';
import { KeyList } from './key-list.tsx';

type Props = {
  project: string;
  filter: KeyFilter;
  /** Absent for who may not make any. */
  onCreate: (() => void) | undefined;
  onAct: (action: KeyAction, key: Key) => void;
};

/** The keys that a filter leaves, or what stands in their place. */
export function KeyRows({ project, filter, onCreate, onAct }: Props) {
  const keys = useInfiniteQuery(keysQuery(project, filter));
  if (keys.isPending) return <Skeleton className="h-64 rounded-xl" />;
  if (keys.isError && keys.data === undefined) {
    return <Failed message={keys.error.message} onRetry={() => keys.refetch()} />;
  }
  const pages = keys.data.pages.map(({ data }) => data);
  if (pages.every((page) => page.length === 0)) {
    const isFiltered = Object.values(filter).some((value) => value !== undefined);
    return <Card>{isFiltered ? <NoneFits /> : <NoKey onCreate={onCreate} />}</Card>;
  }
  return (
    <>
      <KeyList project={project} pages={pages} onAct={onAct} />
      {keys.hasNextPage ? (
        <Button onClick={() => keys.fetchNextPage()} isBusy={keys.isFetchingNextPage} className="self-center">
          Load more keys
        </Button>
      ) : null}
    </>
  );
}

function NoneFits() {
  const navigate = useNavigate({ from: '/keys' });
  return (
    <Empty title="No key fits these filters">
      <Button onClick={() => navigate({ search: {} })}>Clear all filters</Button>
    </Empty>
  );
}

function NoKey({ onCreate }: Pick<Props, 'onCreate'>) {
  return (
    <Empty title="No key yet">
      <p>
        An application needs one to make calls. Begin with a test key: it reaches the built-in sandbox and
        costs nothing.
      </p>
      {onCreate === undefined ? null : (
        <Button look="primary" onClick={onCreate}>
          Create key
        </Button>
      )}
    </Empty>
  );
}
