import { endpoints } from '@app/contract';
import type { Limits } from '../../../limits/management/create-limits.ts';
import { placeOf } from '../../../limits/management/limit-place.ts';
import { projectOperation } from '../operation.ts';

/** The limits of a project, newest first, with how they stand. */
export const listLimits = (limits: Limits) =>
  projectOperation({
    endpoint: endpoints.listLimits,
    permission: 'analytics:read',
    run: ({ project, query }) => limits.list(placeOf(project), query),
  });
