import { installationQuery } from '../query.ts';

/**
 * True for exactly one caller, and only while the link lives and nobody owns the installation. The row's lock
 * decides between two callers at once.
 */
export const consumeSetupLink = installationQuery({
  sql: `update setup_links set used_at = $2
    where digest = $1 and used_at is null and expires_at > $2
      and not exists (select from memberships where role = 'owner')
    returning digest`,
  values: (link: { digest: string; nowMs: number }) => [link.digest, new Date(link.nowMs)],
  read: (rows) => rows.length === 1,
});
