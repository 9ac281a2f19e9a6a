import type { Budget, BudgetNotice } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { budgetNoticesQuery } from '../../api/budgets.ts';
import { formatMoney } from '../../api/format-money.ts';
import { formatMoment } from '../../ui/format.ts';
import { Modal } from '../../ui/modal.tsx';
import { Failed, Skeleton } from '../../ui/page-status.tsx';

const words: Record<BudgetNotice['kind'], string> = {
  warned: 'Passed',
  exhausted: 'Spent',
  asked: 'Its owner was asked for more',
  granted: 'More was given',
  routed: 'Calls went to another model',
  exceeded_shadow: 'Would have refused calls',
};

/** What a budget did, and who was told. */
export function BudgetHistory(props: { project: string; budget: Budget; onClose: () => void }) {
  const { project, budget, onClose } = props;
  const notices = useQuery(budgetNoticesQuery(project, budget.id));
  return (
    <Modal title={budget.name} lead="What this budget did, newest first." onClose={onClose}>
      {notices.isPending ? <Skeleton className="h-32" /> : null}
      {notices.isError ? <Failed message={notices.error.message} onRetry={() => notices.refetch()} /> : null}
      {notices.data?.data.length === 0 ? (
        <p className="text-soft text-sm">Nothing yet: no threshold was passed.</p>
      ) : null}
      <ol className="flex flex-col divide-y divide-line">
        {notices.data?.data.map((notice) => (
          <Entry key={notice.id} notice={notice} />
        ))}
      </ol>
    </Modal>
  );
}

function Entry({ notice }: { notice: BudgetNotice }) {
  return (
    <li className="flex flex-col gap-0.5 py-2.5 text-sm">
      <p className="font-medium wrap-anywhere">
        {words[notice.kind]}
        {notice.kind === 'warned' ? ` ${notice.percent} %` : ''}
        {notice.subject === '' ? '' : `: ${notice.subject}`}
      </p>
      <p className="text-soft text-xs tabular-nums">
        {formatMoney(notice.spent)} of {formatMoney(notice.available)}, {formatMoment(notice.created_at)}
      </p>
      <p className="text-faint text-xs wrap-anywhere">
        {notice.told.length === 0
          ? 'nobody to tell: the budget has no owner'
          : `told ${notice.told.join(', ')}`}
      </p>
    </li>
  );
}
