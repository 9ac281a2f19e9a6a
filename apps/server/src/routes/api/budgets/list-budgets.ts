import { endpoints } from '@app/contract';
import type { Budgets } from '../../../limits/management/create-budgets.ts';
import { placeOf } from '../../../limits/management/limit-place.ts';
import { projectOperation } from '../operation.ts';

/** The budgets of a project, newest first, with how they stand. */
export const listBudgets = (budgets: Budgets) =>
  projectOperation({
    endpoint: endpoints.listBudgets,
    permission: 'analytics:read',
    run: ({ project, query }) => budgets.list(placeOf(project), query),
  });
