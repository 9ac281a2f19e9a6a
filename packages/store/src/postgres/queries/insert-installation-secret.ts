import { installationQuery } from '../query.ts';

export type InstallationSecret = { name: string; sealed: Buffer; updatedAtMs: number };

/**
 * Keeps a sealed secret unless there is one of this name, and answers with the one that is kept: two servers that
 * start at once agree on the same.
 */
export const insertInstallationSecret = installationQuery({
  sql: `insert into installation_secrets (name, sealed, updated_at) values ($1, $2, $3)
    on conflict (name) do update set name = excluded.name
    returning sealed`,
  values: (secret: InstallationSecret) => [secret.name, secret.sealed, new Date(secret.updatedAtMs)],
  read: ([row]: { sealed: Buffer }[]) => {
    if (row === undefined) throw new Error('PostgreSQL kept a secret without returning it.');
    return row.sealed;
  },
});
