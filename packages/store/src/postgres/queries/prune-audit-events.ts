import { installationQuery } from '../query.ts';

/** Takes out the links before one, and says how many they were. */
export const pruneAuditEvents = installationQuery({
  sql: 'select prune_audit_events($1, $2)::text removed',
  values: (prune: { organizationId: string; beforeSequence: number }) => [
    prune.organizationId,
    prune.beforeSequence,
  ],
  read: ([row]: { removed: string }[]) => Number(row?.removed ?? 0),
});
