import { endpoints } from '@app/contract';
import type { Limits } from '../../../limits/management/create-limits.ts';
import { placeOf } from '../../../limits/management/limit-place.ts';
import { projectOperation } from '../operation.ts';

/** Ends a limit. */
export const deleteLimit = (limits: Limits) =>
  projectOperation({
    endpoint: endpoints.deleteLimit,
    permission: 'budgets:write',
    run: ({ project, params, actor }) => limits.delete(placeOf(project), params.id, actor),
  });
