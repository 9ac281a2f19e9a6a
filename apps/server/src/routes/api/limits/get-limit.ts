import { endpoints } from '@app/contract';
import type { Limits } from '../../../limits/management/create-limits.ts';
import { placeOf } from '../../../limits/management/limit-place.ts';
import { projectOperation } from '../operation.ts';

/** One limit, with how it stands. */
export const getLimit = (limits: Limits) =>
  projectOperation({
    endpoint: endpoints.getLimit,
    permission: 'analytics:read',
    run: ({ project, params }) => limits.get(placeOf(project), params.id),
  });
