import type { Budget } from '@app/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { budgetsQuery } from '../../api/budgets.ts';
import { keyNamesQuery } from '../../api/keys.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Empty, Failed, Skeleton } from '../../ui/page-status.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { BudgetDialogs, type BudgetStep } from './budget-dialogs.tsx';
import { BudgetRow } from './budget-row.tsx';
import { byUrgency, rankOf } from './budget-text.ts';
import { OpenQuestions } from './open-questions.tsx';

type Props = { project: string; mayWrite: boolean; onCreate: () => void };

/** All budgets, those that need attention first. */
export function BudgetList({ project, mayWrite, onCreate }: Props) {
  const [step, setStep] = useState<BudgetStep>();
  const budgets = useInfiniteQuery(budgetsQuery(project));
  if (budgets.isPending) return <Skeleton className="h-64 rounded-xl" />;
  if (budgets.isError && budgets.data === undefined) {
    return <Failed message={budgets.error.message} onRetry={() => budgets.refetch()} />;
  }
  const rows = budgets.data.pages.flatMap((page) => page.data);
  if (rows.length === 0) return <NoBudget onCreate={mayWrite ? onCreate : undefined} />;
  return (
    <>
      {mayWrite ? <OpenQuestions project={project} budgets={rows} onStep={setStep} /> : null}
      <Rows project={project} rows={rows} mayWrite={mayWrite} onStep={setStep} />
      {budgets.hasNextPage ? (
        <Button
          onClick={() => budgets.fetchNextPage()}
          isBusy={budgets.isFetchingNextPage}
          className="self-center"
        >
          Load more budgets
        </Button>
      ) : null}
      <BudgetDialogs project={project} step={step} onClose={() => setStep(undefined)} />
    </>
  );
}

type RowsProps = {
  project: string;
  rows: readonly Budget[];
  mayWrite: boolean;
  onStep: (step: BudgetStep) => void;
};

function Rows({ project, rows, mayWrite, onStep }: RowsProps) {
  const [only, setOnly] = useState<'all' | 'tight'>('all');
  const { data: keyNames } = useQuery(keyNamesQuery(project));
  const tight = rows.filter((budget) => rankOf(budget) > 0);
  const shown = byUrgency(only === 'tight' ? tight : rows);
  return (
    <>
      <div>
        <Segmented
          label="Show budgets"
          value={only}
          options={[
            { value: 'all', label: `All (${rows.length})` },
            { value: 'tight', label: `Running low or spent (${tight.length})` },
          ]}
          onChange={setOnly}
        />
      </div>
      <Card>
        {shown.length === 0 ? (
          <Empty title="Every budget is on track">None has passed a threshold in this period.</Empty>
        ) : (
          <ul className="divide-y divide-line">
            {shown.map((budget) => (
              <BudgetRow
                key={budget.id}
                budget={budget}
                keyNames={keyNames}
                mayWrite={mayWrite}
                act={{
                  onGrant: (of, { subject }) => onStep({ name: 'grant', budget: of, subject }),
                  onEdit: (of) => onStep({ name: 'edit', budget: of }),
                  onHistory: (of) => onStep({ name: 'history', budget: of }),
                  onDelete: (of) => onStep({ name: 'delete', budget: of }),
                }}
              />
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}

function NoBudget({ onCreate }: { onCreate: (() => void) | undefined }) {
  return (
    <Card>
      <Empty title="No budget yet">
        <p>
          A budget caps what calls may cost in a day or a month: for the project, or for each key, user, model
          or tag. Calls that could exceed it are refused, sent to a cheaper model, or its owner is asked.
        </p>
        {onCreate === undefined ? null : (
          <Button look="primary" onClick={onCreate}>
            New budget
          </Button>
        )}
      </Empty>
    </Card>
  );
}
