import type { RetentionChange } from '@app/contract';
import { projectQuery } from '../query.ts';

/** What a project decided for itself; undefined when everything follows the defaults. */
export const findRetention = projectQuery({
  sql: 'select policy from project_retention where project_id = $1',
  values: () => [],
  read: ([row]: { policy: RetentionChange }[]) => row?.policy,
});
