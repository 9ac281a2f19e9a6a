import { installationQuery } from '../query.ts';

/** Forgets invitations that ended before then; what became of them is in the audit. */
export const deleteOldInvitations = installationQuery({
  sql: 'delete from invitations where coalesce(accepted_at, revoked_at, expires_at) < $1',
  values: ({ endedBeforeMs }: { endedBeforeMs: number }) => [new Date(endedBeforeMs)],
  read: () => undefined,
});
