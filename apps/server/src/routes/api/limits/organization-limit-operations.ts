import { endpoints } from '@app/contract';
import type { Limits } from '../../../limits/management/create-limits.ts';
import { wholeOf } from '../../../limits/management/limit-place.ts';
import { madeTarget, pathTarget } from '../name-target.ts';
import { type Operation, organizationOperation } from '../operation.ts';

/** The same operations on limits over a whole organization, for the people who belong to it. */
export function organizationLimitOperations(limits: Limits): Operation[] {
  return [
    organizationOperation({
      endpoint: endpoints.listOrganizationLimits,
      permission: 'analytics:read',
      run: ({ organization, query }) => limits.list(wholeOf(organization), query),
    }),
    organizationOperation({
      endpoint: endpoints.createOrganizationLimit,
      permission: 'budgets:write',
      audit: { action: 'limit.create', target: madeTarget('limit') },
      run: ({ organization, body, actor }) => limits.create(wholeOf(organization), body, actor),
    }),
    organizationOperation({
      endpoint: endpoints.getOrganizationLimit,
      permission: 'analytics:read',
      run: ({ organization, params }) => limits.get(wholeOf(organization), params.id),
    }),
    organizationOperation({
      endpoint: endpoints.updateOrganizationLimit,
      permission: 'budgets:write',
      audit: {
        action: 'limit.change',
        target: pathTarget('limit'),
        before: ({ organization, params }) => limits.get(wholeOf(organization), params.id),
      },
      run: ({ organization, params, body, actor }) =>
        limits.change(wholeOf(organization), { id: params.id, change: body }, actor),
    }),
    organizationOperation({
      endpoint: endpoints.deleteOrganizationLimit,
      permission: 'budgets:write',
      audit: {
        action: 'limit.delete',
        target: pathTarget('limit'),
        before: ({ organization, params }) => limits.get(wholeOf(organization), params.id),
        after: () => null,
      },
      run: ({ organization, params, actor }) => limits.delete(wholeOf(organization), params.id, actor),
    }),
  ];
}
