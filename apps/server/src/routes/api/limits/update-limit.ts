import { endpoints } from '@app/contract';
import type { Limits } from '../../../limits/management/create-limits.ts';
import { placeOf, refuseTestMode } from '../../../limits/management/limit-place.ts';
import { pathTarget } from '../name-target.ts';
import { projectOperation } from '../operation.ts';

/** Changes a limit; what it counted goes on. */
export const updateLimit = (limits: Limits) =>
  projectOperation({
    endpoint: endpoints.updateLimit,
    permission: 'budgets:write',
    audit: {
      action: 'limit.change',
      target: pathTarget('limit'),
      before: ({ project, params, actor }) => {
        refuseTestMode(actor);
        return limits.get(placeOf(project), params.id);
      },
    },
    run: ({ project, params, body, actor }) =>
      limits.change(placeOf(project), { id: params.id, change: body }, actor),
  });
