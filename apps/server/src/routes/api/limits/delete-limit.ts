import { endpoints } from '@app/contract';
import type { Limits } from '../../../limits/management/create-limits.ts';
import { placeOf, refuseTestMode } from '../../../limits/management/limit-place.ts';
import { pathTarget } from '../name-target.ts';
import { projectOperation } from '../operation.ts';

/** Ends a limit. */
export const deleteLimit = (limits: Limits) =>
  projectOperation({
    endpoint: endpoints.deleteLimit,
    permission: 'budgets:write',
    audit: {
      action: 'limit.delete',
      target: pathTarget('limit'),
      before: ({ project, params, actor }) => {
        refuseTestMode(actor);
        return limits.get(placeOf(project), params.id);
      },
      after: () => null,
    },
    run: ({ project, params, actor }) => limits.delete(placeOf(project), params.id, actor),
  });
