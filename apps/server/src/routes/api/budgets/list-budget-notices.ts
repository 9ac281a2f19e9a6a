import { endpoints } from '@app/contract';
import type { Budgets } from '../../../limits/management/create-budgets.ts';
import { placeOf } from '../../../limits/management/limit-place.ts';
import { projectOperation } from '../operation.ts';

/** What the budgets of a project did, newest first. */
export const listBudgetNotices = (budgets: Budgets) =>
  projectOperation({
    endpoint: endpoints.listBudgetNotices,
    permission: 'analytics:read',
    run: ({ project, query }) => budgets.listNotices(placeOf(project), query),
  });
