import { installationQuery } from '../query.ts';

/**
 * What every change of who belongs to an organization waits for, to be taken first in a transaction: what is read after
 * it is what holds when the change is written.
 */
export const lockMembers = installationQuery({
  sql: 'select 1 as held from pg_advisory_xact_lock(7263, hashtext($1))',
  values: ({ organizationId }: { organizationId: string }) => [organizationId],
  read: () => undefined,
});
