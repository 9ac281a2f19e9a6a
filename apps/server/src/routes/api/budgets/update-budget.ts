import { endpoints } from '@app/contract';
import type { Budgets } from '../../../limits/management/create-budgets.ts';
import { placeOf } from '../../../limits/management/limit-place.ts';
import { projectOperation } from '../operation.ts';

/** Changes a budget; what was spent stays spent. */
export const updateBudget = (budgets: Budgets) =>
  projectOperation({
    endpoint: endpoints.updateBudget,
    permission: 'budgets:write',
    run: ({ project, params, body, actor }) =>
      budgets.change(placeOf(project), { id: params.id, change: body }, actor),
  });
