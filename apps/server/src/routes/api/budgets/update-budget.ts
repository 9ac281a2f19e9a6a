import { endpoints } from '@app/contract';
import type { Budgets } from '../../../limits/management/create-budgets.ts';
import { placeOf, refuseTestMode } from '../../../limits/management/limit-place.ts';
import { pathTarget } from '../name-target.ts';
import { projectOperation } from '../operation.ts';

/** Changes a budget; what was spent stays spent. */
export const updateBudget = (budgets: Budgets) =>
  projectOperation({
    endpoint: endpoints.updateBudget,
    permission: 'budgets:write',
    audit: {
      action: 'budget.change',
      target: pathTarget('budget'),
      before: ({ project, params, actor }) => {
        refuseTestMode(actor);
        return budgets.get(placeOf(project), params.id);
      },
    },
    run: ({ project, params, body, actor }) =>
      budgets.change(placeOf(project), { id: params.id, change: body }, actor),
  });
