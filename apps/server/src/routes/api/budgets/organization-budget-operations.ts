import { endpoints } from '@app/contract';
import type { Budgets } from '../../../limits/management/create-budgets.ts';
import { wholeOf } from '../../../limits/management/limit-place.ts';
import { madeTarget, pathTarget } from '../name-target.ts';
import { type Operation, organizationOperation } from '../operation.ts';

/** The same operations on budgets over a whole organization, for the people who belong to it. */
export function organizationBudgetOperations(budgets: Budgets): Operation[] {
  return [
    organizationOperation({
      endpoint: endpoints.listOrganizationBudgets,
      permission: 'analytics:read',
      run: ({ organization, query }) => budgets.list(wholeOf(organization), query),
    }),
    organizationOperation({
      endpoint: endpoints.createOrganizationBudget,
      permission: 'budgets:write',
      audit: { action: 'budget.create', target: madeTarget('budget') },
      run: ({ organization, body, actor }) => budgets.create(wholeOf(organization), body, actor),
    }),
    organizationOperation({
      endpoint: endpoints.getOrganizationBudget,
      permission: 'analytics:read',
      run: ({ organization, params }) => budgets.get(wholeOf(organization), params.id),
    }),
    organizationOperation({
      endpoint: endpoints.updateOrganizationBudget,
      permission: 'budgets:write',
      audit: {
        action: 'budget.change',
        target: pathTarget('budget'),
        before: ({ organization, params }) => budgets.get(wholeOf(organization), params.id),
      },
      run: ({ organization, params, body, actor }) =>
        budgets.change(wholeOf(organization), { id: params.id, change: body }, actor),
    }),
    organizationOperation({
      endpoint: endpoints.deleteOrganizationBudget,
      permission: 'budgets:write',
      audit: {
        action: 'budget.delete',
        target: pathTarget('budget'),
        before: ({ organization, params }) => budgets.get(wholeOf(organization), params.id),
        after: () => null,
      },
      run: ({ organization, params, actor }) => budgets.delete(wholeOf(organization), params.id, actor),
    }),
    organizationOperation({
      endpoint: endpoints.grantOrganizationBudget,
      permission: 'budgets:write',
      audit: {
        action: 'budget.grant',
        target: pathTarget('budget'),
        before: ({ organization, params }) => budgets.get(wholeOf(organization), params.id),
      },
      run: ({ organization, params, body, actor }) =>
        budgets.grant(wholeOf(organization), { id: params.id, grant: body }, actor),
    }),
    organizationOperation({
      endpoint: endpoints.declineOrganizationBudget,
      permission: 'budgets:write',
      audit: {
        action: 'budget.decline',
        target: (input) => pathTarget('budget')(input),
        before: ({ organization, params }) => budgets.get(wholeOf(organization), params.id),
      },
      run: ({ organization, params, body, actor }) =>
        budgets.decline(wholeOf(organization), { id: params.id, decline: body }, actor),
    }),
    organizationOperation({
      endpoint: endpoints.listNoticesOfOrganizationBudget,
      permission: 'analytics:read',
      run: ({ organization, params, query }) =>
        budgets.listNotices(wholeOf(organization), { ...query, budgetId: params.id }),
    }),
    organizationOperation({
      endpoint: endpoints.listOrganizationBudgetNotices,
      permission: 'analytics:read',
      run: ({ organization, query }) => budgets.listNotices(wholeOf(organization), query),
    }),
  ];
}
