import { installationQuery } from '../query.ts';
import type { InstallationSecret } from './insert-installation-secret.ts';

/** Keeps several sealed secrets at once, all or none, in the place of those of the same names. */
export const upsertInstallationSecrets = installationQuery({
  sql: `insert into installation_secrets (name, sealed, updated_at)
    select * from unnest($1::text[], $2::bytea[], $3::timestamptz[])
    on conflict (name) do update set sealed = excluded.sealed, updated_at = excluded.updated_at`,
  values: (secrets: readonly InstallationSecret[]) => [
    secrets.map(({ name }) => name),
    secrets.map(({ sealed }) => sealed),
    secrets.map(({ updatedAtMs }) => new Date(updatedAtMs)),
  ],
  read: () => undefined,
});
