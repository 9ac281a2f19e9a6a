import { endpoints } from '@app/contract';
import type { Budgets } from '../../../limits/management/create-budgets.ts';
import { placeOf } from '../../../limits/management/limit-place.ts';
import { madeTarget } from '../name-target.ts';
import { projectOperation } from '../operation.ts';

/** Makes a budget; it holds for the next call when this is answered. */
export const createBudget = (budgets: Budgets) =>
  projectOperation({
    endpoint: endpoints.createBudget,
    permission: 'budgets:write',
    audit: { action: 'budget.create', target: madeTarget('budget') },
    run: ({ project, body, actor }) => budgets.create(placeOf(project), body, actor),
  });
