import { installationQuery } from '../query.ts';

/** Every sealed secret of the installation, by name; there are a handful. */
export const listInstallationSecrets = installationQuery({
  sql: 'select name, sealed from installation_secrets order by name limit 1000',
  values: () => [],
  read: (rows: { name: string; sealed: Buffer }[]) => rows,
});
