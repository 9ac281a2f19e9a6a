import { endpoints } from '@app/contract';
import type { Budgets } from '../../../limits/management/create-budgets.ts';
import { placeOf } from '../../../limits/management/limit-place.ts';
import { projectOperation } from '../operation.ts';

/** What one budget did, newest first. */
export const listNoticesOfBudget = (budgets: Budgets) =>
  projectOperation({
    endpoint: endpoints.listNoticesOfBudget,
    permission: 'analytics:read',
    run: ({ project, params, query }) =>
      budgets.listNotices(placeOf(project), { ...query, budgetId: params.id }),
  });
