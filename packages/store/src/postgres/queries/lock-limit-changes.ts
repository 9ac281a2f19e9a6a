import { installationQuery } from '../query.ts';

/**
 * What every change of limits waits for, taken before any row is: whoever locks a limit first and this lock after it
 * and whoever changes that limit would wait for each other.
 */
export const lockLimitChanges = installationQuery({
  sql: 'select 1 as held from pg_advisory_xact_lock(7261, 5)',
  values: (_: undefined) => [],
  read: () => undefined,
});
