import { endpoints } from '@app/contract';
import type { Budgets } from '../../../limits/management/create-budgets.ts';
import { placeOf, refuseTestMode } from '../../../limits/management/limit-place.ts';
import { pathTarget } from '../name-target.ts';
import { projectOperation } from '../operation.ts';

/** No more money for this period, which answers what the budget asked. */
export const declineBudget = (budgets: Budgets) =>
  projectOperation({
    endpoint: endpoints.declineBudget,
    permission: 'budgets:write',
    audit: {
      action: 'budget.decline',
      target: (input) => pathTarget('budget')(input),
      before: ({ project, params, actor }) => {
        refuseTestMode(actor);
        return budgets.get(placeOf(project), params.id);
      },
    },
    run: ({ project, params, body, actor }) =>
      budgets.decline(placeOf(project), { id: params.id, decline: body }, actor),
  });
