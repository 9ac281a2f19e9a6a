import { installationQuery } from '../query.ts';

/** A run that did not come to its end is due again at once. */
export const forgetRetentionRun = installationQuery({
  sql: 'delete from retention_runs where name = $1',
  values: ({ name }: { name: string }) => [name],
  read: () => undefined,
});
