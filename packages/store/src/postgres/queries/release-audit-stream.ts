import { installationQuery } from '../query.ts';

/** Lets another server bring chains to a receiver. */
export const releaseAuditStream = installationQuery({
  sql: 'update audit_streams set holder = null where name = $1 and holder = $2',
  values: ({ name, holder }: { name: string; holder: string }) => [name, holder],
  read: () => undefined,
});
