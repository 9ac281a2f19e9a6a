import { endpoints } from '@app/contract';
import type { Budgets } from '../../../limits/management/create-budgets.ts';
import { placeOf, refuseTestMode } from '../../../limits/management/limit-place.ts';
import { pathTarget } from '../name-target.ts';
import { projectOperation } from '../operation.ts';

/** More money for the rest of the period, which answers what the budget asked. */
export const grantBudget = (budgets: Budgets) =>
  projectOperation({
    endpoint: endpoints.grantBudget,
    permission: 'budgets:write',
    audit: {
      action: 'budget.grant',
      target: pathTarget('budget'),
      before: ({ project, params, actor }) => {
        refuseTestMode(actor);
        return budgets.get(placeOf(project), params.id);
      },
    },
    run: ({ project, params, body, actor }) =>
      budgets.grant(placeOf(project), { id: params.id, grant: body }, actor),
  });
