import { installationQuery } from '../query.ts';

/**
 * Puts every `<name>.next` in the place of `<name>`, all at once. A secret is `next` while it is sealed under two master
 * keys.
 */
export const promoteInstallationSecrets = installationQuery({
  sql: `with moved as (
      delete from installation_secrets where name like '%.next' returning name, sealed, updated_at
    )
    update installation_secrets s set sealed = m.sealed, updated_at = m.updated_at
    from moved m where s.name = left(m.name, -5)`,
  values: () => [],
  read: () => undefined,
});
