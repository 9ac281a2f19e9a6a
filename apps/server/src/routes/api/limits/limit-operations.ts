import type { Limits } from '../../../limits/management/create-limits.ts';
import type { Operation } from '../operation.ts';
import { createLimit } from './create-limit.ts';
import { deleteLimit } from './delete-limit.ts';
import { getLimit } from './get-limit.ts';
import { listLimits } from './list-limits.ts';
import { organizationLimitOperations } from './organization-limit-operations.ts';
import { updateLimit } from './update-limit.ts';

/** The operations on limits. */
export function limitOperations(limits: Limits): Operation[] {
  return [
    listLimits(limits),
    createLimit(limits),
    getLimit(limits),
    updateLimit(limits),
    deleteLimit(limits),
    ...organizationLimitOperations(limits),
  ];
}
