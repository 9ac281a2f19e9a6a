import { installationQuery } from '../query.ts';

/** Gives a consumed link back, when the account it was for could not be made. */
export const releaseSetupLink = installationQuery({
  sql: 'update setup_links set used_at = null where digest = $1',
  values: (link: { digest: string }) => [link.digest],
  read: () => undefined,
});
