import { installationQuery } from '../query.ts';

/** Whether a set-up link could be consumed now; nothing is changed by asking. */
export const isSetupLinkOpen = installationQuery({
  sql: `select digest from setup_links
    where digest = $1 and used_at is null and expires_at > $2
      and not exists (select from memberships where role = 'owner')
    limit 1`,
  values: (link: { digest: string; nowMs: number }) => [link.digest, new Date(link.nowMs)],
  read: (rows) => rows.length === 1,
});
