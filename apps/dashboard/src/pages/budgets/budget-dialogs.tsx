import type { Budget } from '@app/contract';
import { useQueryClient } from '@tanstack/react-query';
import { deleteBudget } from '../../api/budgets.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { BudgetEditor } from './budget-editor.tsx';
import { BudgetHistory } from './budget-history.tsx';
import { DeclineForm } from './decline-form.tsx';
import { GrantForm } from './grant-form.tsx';

/** What is asked about a budget right now. */
export type BudgetStep =
  | { name: 'edit' | 'history' | 'delete'; budget: Budget }
  | { name: 'grant' | 'decline'; budget: Budget; subject: string }
  | undefined;

type Props = { project: string; step: BudgetStep; onClose: () => void };

export function BudgetDialogs({ project, step, onClose }: Props) {
  const queries = useQueryClient();
  if (step === undefined) return null;
  const { budget } = step;
  switch (step.name) {
    case 'edit':
      return <BudgetEditor project={project} budget={budget} onClose={onClose} />;
    case 'history':
      return <BudgetHistory project={project} budget={budget} onClose={onClose} />;
    case 'grant':
      return <GrantForm project={project} budget={budget} subject={step.subject} onClose={onClose} />;
    case 'decline':
      return <DeclineForm project={project} budget={budget} subject={step.subject} onClose={onClose} />;
    case 'delete':
      return (
        <Confirm
          title={`Delete “${budget.name}”?`}
          lead="From now on it holds nobody back. Calls that it refused are let through at once."
          action="Delete budget"
          run={async () => {
            await deleteBudget(project, budget.id);
            await queries.invalidateQueries({ queryKey: ['budgets', project] });
          }}
          onClose={onClose}
        />
      );
  }
}
