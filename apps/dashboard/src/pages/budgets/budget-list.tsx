import type { Budget } from '@app/contract';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { budgetsQuery, deleteBudget } from '../../api/budgets.ts';
import { keyNamesQuery } from '../../api/keys.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Empty, Failed, Skeleton } from '../../ui/page-status.tsx';
import { BudgetCard } from './budget-card.tsx';
import { BudgetEditor } from './budget-editor.tsx';
import { BudgetHistory } from './budget-history.tsx';
import { GrantForm } from './grant-form.tsx';

type Step =
  | { name: 'edit'; budget: Budget }
  | { name: 'grant'; budget: Budget; subject: string }
  | { name: 'history'; budget: Budget }
  | { name: 'delete'; budget: Budget }
  | undefined;

export function BudgetList({ project, onCreate }: { project: string; onCreate: () => void }) {
  const [step, setStep] = useState<Step>();
  const budgets = useInfiniteQuery(budgetsQuery(project));
  const { data: keyNames } = useQuery(keyNamesQuery(project));
  if (budgets.isPending) return <Skeleton className="h-64 rounded-xl" />;
  if (budgets.isError && budgets.data === undefined) {
    return <Failed message={budgets.error.message} onRetry={() => budgets.refetch()} />;
  }
  const rows = budgets.data.pages.flatMap((page) => page.data);
  if (rows.length === 0) return <NoBudget onCreate={onCreate} />;
  return (
    <div className="flex flex-col gap-4">
      {rows.map((budget) => (
        <BudgetCard
          key={budget.id}
          budget={budget}
          keyNames={keyNames}
          onEdit={() => setStep({ name: 'edit', budget })}
          onGrant={(subject) => setStep({ name: 'grant', budget, subject })}
          onHistory={() => setStep({ name: 'history', budget })}
          onDelete={() => setStep({ name: 'delete', budget })}
        />
      ))}
      {budgets.hasNextPage ? (
        <Button
          onClick={() => budgets.fetchNextPage()}
          isBusy={budgets.isFetchingNextPage}
          className="self-center"
        >
          Load more budgets
        </Button>
      ) : null}
      <Dialogs project={project} step={step} onClose={() => setStep(undefined)} />
    </div>
  );
}

function NoBudget({ onCreate }: { onCreate: () => void }) {
  return (
    <Card>
      <Empty title="No budget yet">
        <p>
          A budget caps what calls may cost in a day or a month: for the project, or for each key, user, model
          or tag. Calls that could exceed it are refused, sent to a cheaper model, or its owner is asked.
        </p>
        <Button look="primary" onClick={onCreate}>
          New budget
        </Button>
      </Empty>
    </Card>
  );
}

function Dialogs({ project, step, onClose }: { project: string; step: Step; onClose: () => void }) {
  const queries = useQueryClient();
  if (step === undefined) return null;
  const { budget } = step;
  if (step.name === 'edit') return <BudgetEditor project={project} budget={budget} onClose={onClose} />;
  if (step.name === 'history') return <BudgetHistory project={project} budget={budget} onClose={onClose} />;
  if (step.name === 'grant') {
    return <GrantForm project={project} budget={budget} subject={step.subject} onClose={onClose} />;
  }
  const remove = async () => {
    await deleteBudget(project, budget.id);
    await queries.invalidateQueries({ queryKey: ['budgets', project] });
  };
  return (
    <Confirm
      title={`Delete “${budget.name}”?`}
      lead="From now on it holds nobody back. What it did stays in the history of calls."
      action="Delete budget"
      run={remove}
      onClose={onClose}
    />
  );
}
