import { endpoints } from '@app/contract';
import type { Budgets } from '../../../limits/management/create-budgets.ts';
import { placeOf } from '../../../limits/management/limit-place.ts';
import { projectOperation } from '../operation.ts';

/** Ends a budget. */
export const deleteBudget = (budgets: Budgets) =>
  projectOperation({
    endpoint: endpoints.deleteBudget,
    permission: 'budgets:write',
    run: ({ project, params, actor }) => budgets.delete(placeOf(project), params.id, actor),
  });
