import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { usePermission } from '../../api/use-permission.ts';
import { useProject } from '../../api/use-project.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { AllNotices } from './all-notices.tsx';
import { BudgetEditor } from './budget-editor.tsx';
import { BudgetList } from './budget-list.tsx';
import { LimitEditor } from './limit-editor.tsx';
import { LimitList } from './limit-list.tsx';

const route = getRouteApi('/shell/budgets');
const shows = [
  { value: 'budgets', label: 'Budgets' },
  { value: 'limits', label: 'Limits' },
  { value: 'history', label: 'History' },
] as const;

/** What calls may cost, and how many there may be. */
export function BudgetsPage() {
  const { show } = route.useSearch();
  const navigate = useNavigate({ from: '/budgets' });
  const { id: project } = useProject();
  const mayWrite = usePermission('budgets:write');
  const [creates, setCreates] = useState<'budget' | 'limit'>();
  const close = () => setCreates(undefined);
  const create = () => setCreates(show === 'limits' ? 'limit' : 'budget');
  return (
    <div className="mx-auto flex max-w-6xl flex-col items-stretch gap-5">
      <PageTitle title="Budgets and limits">
        <Segmented
          label="Show"
          value={show}
          options={shows}
          onChange={(chosen) => navigate({ search: { show: chosen } })}
        />
        {mayWrite ? (
          <Button look="primary" onClick={create}>
            <Plus aria-hidden="true" className="size-4" /> {show === 'limits' ? 'New limit' : 'New budget'}
          </Button>
        ) : null}
      </PageTitle>
      {show === 'budgets' ? <BudgetList project={project} mayWrite={mayWrite} onCreate={create} /> : null}
      {show === 'limits' ? <LimitList project={project} mayWrite={mayWrite} onCreate={create} /> : null}
      {show === 'history' ? <AllNotices project={project} /> : null}
      {creates === 'budget' ? <BudgetEditor project={project} budget={undefined} onClose={close} /> : null}
      {creates === 'limit' ? <LimitEditor project={project} limit={undefined} onClose={close} /> : null}
    </div>
  );
}
