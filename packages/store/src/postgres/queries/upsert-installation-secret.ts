import { installationQuery } from '../query.ts';
import type { InstallationSecret } from './insert-installation-secret.ts';

/** Replaces a sealed secret, for instance when it was sealed again under another master key. */
export const upsertInstallationSecret = installationQuery({
  sql: `insert into installation_secrets (name, sealed, updated_at) values ($1, $2, $3)
    on conflict (name) do update set sealed = excluded.sealed, updated_at = excluded.updated_at`,
  values: (secret: InstallationSecret) => [secret.name, secret.sealed, new Date(secret.updatedAtMs)],
  read: () => undefined,
});
