import { endpoints } from '@app/contract';
import type { Budgets } from '../../../limits/management/create-budgets.ts';
import { placeOf } from '../../../limits/management/limit-place.ts';
import { projectOperation } from '../operation.ts';

/** One budget, with how it stands. */
export const getBudget = (budgets: Budgets) =>
  projectOperation({
    endpoint: endpoints.getBudget,
    permission: 'analytics:read',
    run: ({ project, params }) => budgets.get(placeOf(project), params.id),
  });
