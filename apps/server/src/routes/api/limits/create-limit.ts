import { endpoints } from '@app/contract';
import type { Limits } from '../../../limits/management/create-limits.ts';
import { placeOf } from '../../../limits/management/limit-place.ts';
import { madeTarget } from '../name-target.ts';
import { projectOperation } from '../operation.ts';

/** Makes a limit; it holds for the next call when this is answered. */
export const createLimit = (limits: Limits) =>
  projectOperation({
    endpoint: endpoints.createLimit,
    permission: 'budgets:write',
    audit: { action: 'limit.create', target: madeTarget('limit') },
    run: ({ project, body, actor }) => limits.create(placeOf(project), body, actor),
  });
