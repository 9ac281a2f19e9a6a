import type { OverviewRange } from '@app/contract';
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Empty, Failed, Skeleton } from '../../ui/page-status.tsx';
import { RangeChoice } from '../../ui/range-choice.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { PageTitle } from './page-title.tsx';

type Frame = {
  title: string;
  /** What the page is for, in a sentence. */
  about: string;
  range: OverviewRange;
  onRange: (range: OverviewRange) => void;
  /** Absent where there is nothing to search. */
  search?: { label: string; placeholder: string; value: string; onChange: (text: string) => void };
  children: ReactNode;
};

/** The frame of a page that lists things of a stretch of time. */
export function ListPage({ title, about, range, onRange, search, children }: Frame) {
  return (
    <div className="mx-auto flex max-w-7xl flex-col gap-5">
      <PageTitle title={title}>
        <RangeChoice value={range} onChange={onRange} />
      </PageTitle>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-2xl text-soft text-sm">{about}</p>
        {search === undefined ? null : <SearchField {...search} shortcut="/" />}
      </div>
      {children}
    </div>
  );
}

type Pages<Row> = {
  data: { pages: readonly { data: readonly Row[] }[] } | undefined;
  isPending: boolean;
  isError: boolean;
  isPlaceholderData: boolean;
  error: Error | null;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  refetch: () => unknown;
  fetchNextPage: () => unknown;
};

type RowsProps<Row> = {
  pages: Pages<Row>;
  /** What they are, in the plural. */
  noun: string;
  isSearched: boolean;
  /** How the first one comes to be. */
  empty: ReactNode;
  draw: (rows: readonly Row[]) => ReactNode;
};

/** What a list answered: its rows and the way to more, or why there are none. */
export function ListRows<Row>({ pages, noun, isSearched, empty, draw }: RowsProps<Row>) {
  if (pages.isPending) return <Skeleton className="h-96 rounded-xl" />;
  if (pages.data === undefined) {
    return <Failed message={pages.error?.message ?? ''} onRetry={() => pages.refetch()} />;
  }
  const rows = pages.data.pages.flatMap((page) => page.data);
  if (rows.length === 0) return <Nothing noun={noun} isSearched={isSearched} empty={empty} />;
  return (
    <div
      aria-busy={pages.isPlaceholderData}
      className={`flex flex-col gap-5 ${pages.isPlaceholderData ? 'opacity-60' : ''}`}
    >
      {draw(rows)}
      {pages.hasNextPage ? (
        <Button
          onClick={() => pages.fetchNextPage()}
          isBusy={pages.isFetchingNextPage}
          className="self-center"
        >
          Show more {noun}
        </Button>
      ) : (
        <p className="self-center text-faint text-xs tabular-nums">
          {rows.length.toLocaleString('en-US')} {noun}, that is all
        </p>
      )}
    </div>
  );
}

function Nothing({ noun, isSearched, empty }: Pick<RowsProps<unknown>, 'noun' | 'isSearched' | 'empty'>) {
  return (
    <Card>
      <Empty title={isSearched ? 'Nothing like this' : `No ${noun} in this range`}>
        {isSearched ? <p>Look for something else, or at a longer time.</p> : empty}
      </Empty>
    </Card>
  );
}
