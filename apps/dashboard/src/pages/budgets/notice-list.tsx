import type { BudgetNotice } from '@app/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { budgetNoticesQuery } from '../../api/budgets.ts';
import { formatMoney } from '../../api/format-money.ts';
import { keyNamesQuery } from '../../api/keys.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { formatSecond } from '../../ui/format.ts';
import { Failed, Skeleton } from '../../ui/page-status.tsx';
import { subjectText } from './budget-text.ts';

type Props = {
  project: string;
  /** Of all budgets without it. */
  budgetId?: string;
  /** What each budget is called, where several are listed. */
  names?: ReadonlyMap<string, string>;
};

/** What budgets did, newest first, and what was said to it. */
export function NoticeList({ project, budgetId, names }: Props) {
  const notices = useInfiniteQuery(budgetNoticesQuery(project, budgetId));
  const { data: keyNames } = useQuery(keyNamesQuery(project));
  if (notices.isPending) return <Skeleton className="h-32" />;
  if (notices.isError && notices.data === undefined) {
    return <Failed message={notices.error.message} onRetry={() => notices.refetch()} />;
  }
  const rows = notices.data.pages.flatMap((page) => page.data);
  if (rows.length === 0) return <p className="text-soft text-sm">Nothing yet: no threshold was passed.</p>;
  return (
    <>
      <ol className="flex flex-col divide-y divide-line">
        {rows.map((notice) => (
          <Entry
            key={notice.id}
            notice={notice}
            budget={names === undefined ? undefined : (names.get(notice.budget_id) ?? 'a deleted budget')}
            whose={subjectText(notice.subject, keyNames)}
          />
        ))}
      </ol>
      {notices.hasNextPage ? (
        <Button
          onClick={() => notices.fetchNextPage()}
          isBusy={notices.isFetchingNextPage}
          className="self-center"
        >
          Show earlier ones
        </Button>
      ) : null}
    </>
  );
}

type Tone = 'neutral' | 'good' | 'bad' | 'warn' | 'accent';

const kinds: Record<BudgetNotice['kind'], { word: string; tone: Tone; text: string }> = {
  warned: { word: 'warning', tone: 'warn', text: 'Passed a threshold' },
  exhausted: { word: 'spent', tone: 'bad', text: 'Spent' },
  asked: { word: 'asked', tone: 'warn', text: 'The owner was asked for more' },
  granted: { word: 'given', tone: 'good', text: 'More was given' },
  declined: { word: 'declined', tone: 'neutral', text: 'No more was given' },
  routed: { word: 'other model', tone: 'accent', text: 'Calls went to the other model' },
  exceeded_shadow: { word: 'only counted', tone: 'accent', text: 'Would have refused calls' },
};

type EntryProps = { notice: BudgetNotice; budget: string | undefined; whose: string };

function Entry({ notice, budget, whose }: EntryProps) {
  const { word, tone, text } = kinds[notice.kind];
  const about = [budget, whose].filter((part) => part !== undefined && part !== '').join(', ');
  return (
    <li className="flex flex-col gap-1 py-3 text-sm">
      <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <Badge tone={tone}>{word}</Badge>
        <span className="font-medium wrap-anywhere">
          {notice.percent === null ? text : `Passed ${notice.percent} %`}
          {about === '' ? '' : `: ${about}`}
        </span>
      </p>
      <p className="text-faint text-xs tabular-nums wrap-anywhere">
        {formatSecond(notice.created_at)} · {formatMoney(notice.spent)} of {formatMoney(notice.available)} ·{' '}
        {notice.told.length === 0 ? 'nobody was told' : `told ${notice.told.join(', ')}`}
      </p>
      <Answer answer={notice.answer} />
    </li>
  );
}

function Answer({ answer }: Pick<BudgetNotice, 'answer'>) {
  if (answer === null) return null;
  return (
    <p className="text-soft text-xs wrap-anywhere">
      {answer.kind === 'granted' ? 'More was given' : 'Declined'} {formatSecond(answer.answered_at)}
      {answer.reason === null ? '' : `: “${answer.reason}”`}
    </p>
  );
}
