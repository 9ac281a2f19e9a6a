import { organizationQuery } from '../query.ts';

/** Remembers that a signed copy of a link left the database. */
export const markAuditAnchor = organizationQuery({
  sql: `update audit_chains set anchored_sequence = greatest(anchored_sequence, $2) where organization_id = $1`,
  values: ({ sequence }: { sequence: number }) => [sequence],
  read: () => undefined,
});
