import type { Budget, BudgetNotice } from '@app/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { budgetNoticesQuery } from '../../api/budgets.ts';
import { formatMoney } from '../../api/format-money.ts';
import { keyNamesQuery } from '../../api/keys.ts';
import { Button } from '../../ui/button.tsx';
import { When } from '../../ui/when.tsx';
import type { BudgetStep } from './budget-dialogs.tsx';
import { subjectText } from './budget-text.ts';
import { findOpenQuestions } from './find-open-questions.ts';

type Props = { project: string; budgets: readonly Budget[]; onStep: (step: BudgetStep) => void };

/** What budgets have asked their owners in this period and nobody has answered. */
export function OpenQuestions({ project, budgets, onStep }: Props) {
  const { data } = useInfiniteQuery(budgetNoticesQuery(project));
  const questions = findOpenQuestions(data?.pages.flatMap((page) => page.data) ?? [], budgets);
  if (questions.length === 0) return null;
  return (
    <section aria-label="Questions" className="rounded-xl border border-line bg-warn-soft">
      <ul className="divide-y divide-line">
        {questions.map(({ notice, budget }) => (
          <Question key={notice.id} project={project} notice={notice} budget={budget} onStep={onStep} />
        ))}
      </ul>
    </section>
  );
}

type QuestionProps = {
  project: string;
  notice: BudgetNotice;
  budget: Budget;
  onStep: (step: BudgetStep) => void;
};

function Question({ project, notice, budget, onStep }: QuestionProps) {
  const { data: keyNames } = useQuery(keyNamesQuery(project));
  const { subject } = notice;
  const whose = subject === '' ? '' : ` of ${subjectText(subject, keyNames)}`;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2.5 px-4 py-3 text-sm lg:px-5">
      <p className="min-w-0 flex-1 basis-72 wrap-anywhere">
        <span className="font-semibold">
          “{budget.name}”{whose} is spent and asks for more.
        </span>{' '}
        <span className="text-warn">
          {formatMoney(notice.spent)} of {formatMoney(notice.available)},{' '}
          {notice.told.length === 0 ? 'nobody to tell' : `told ${notice.told.join(', ')}`}{' '}
          <When iso={notice.created_at} />
        </span>
      </p>
      <div className="flex gap-2">
        <Button onClick={() => onStep({ name: 'decline', budget, subject })}>Decline</Button>
        <Button look="primary" onClick={() => onStep({ name: 'grant', budget, subject })}>
          Give more
        </Button>
      </div>
    </li>
  );
}
