import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useProject } from '../../api/use-project.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { BudgetEditor } from './budget-editor.tsx';
import { BudgetList } from './budget-list.tsx';
import { LimitEditor } from './limit-editor.tsx';
import { LimitList } from './limit-list.tsx';

const route = getRouteApi('/shell/budgets');
const shows = [
  { value: 'budgets', label: 'Budgets' },
  { value: 'limits', label: 'Limits' },
] as const;

/** What calls may cost, and how many there may be. */
export function BudgetsPage() {
  const { show } = route.useSearch();
  const navigate = useNavigate({ from: '/budgets' });
  const { id: project } = useProject();
  const [isCreating, setIsCreating] = useState(false);
  const create = () => setIsCreating(true);
  const close = () => setIsCreating(false);
  const isBudgets = show === 'budgets';
  return (
    <div className="mx-auto flex max-w-6xl flex-col gap-5">
      <PageTitle title="Budgets and limits">
        <Segmented
          label="Show"
          value={show}
          options={shows}
          onChange={(chosen) => navigate({ search: { show: chosen } })}
        />
        <Button look="primary" onClick={create}>
          <Plus aria-hidden="true" className="size-4" /> {isBudgets ? 'New budget' : 'New limit'}
        </Button>
      </PageTitle>
      {isBudgets ? (
        <BudgetList project={project} onCreate={create} />
      ) : (
        <LimitList project={project} onCreate={create} />
      )}
      {isCreating && isBudgets ? <BudgetEditor project={project} budget={undefined} onClose={close} /> : null}
      {isCreating && !isBudgets ? <LimitEditor project={project} limit={undefined} onClose={close} /> : null}
    </div>
  );
}
