import { endpoints } from '@app/contract';
import type { Budgets } from '../../../limits/management/create-budgets.ts';
import { placeOf, refuseTestMode } from '../../../limits/management/limit-place.ts';
import { pathTarget } from '../name-target.ts';
import { projectOperation } from '../operation.ts';

/** Ends a budget. */
export const deleteBudget = (budgets: Budgets) =>
  projectOperation({
    endpoint: endpoints.deleteBudget,
    permission: 'budgets:write',
    audit: {
      action: 'budget.delete',
      target: pathTarget('budget'),
      before: ({ project, params, actor }) => {
        refuseTestMode(actor);
        return budgets.get(placeOf(project), params.id);
      },
      after: () => null,
    },
    run: ({ project, params, actor }) => budgets.delete(placeOf(project), params.id, actor),
  });
