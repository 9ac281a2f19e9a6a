import { installationQuery } from '../query.ts';

/** The sealed secret of this name. */
export const findInstallationSecret = installationQuery({
  sql: 'select sealed from installation_secrets where name = $1',
  values: (secret: { name: string }) => [secret.name],
  read: ([row]: { sealed: Buffer }[]) => row?.sealed,
});
