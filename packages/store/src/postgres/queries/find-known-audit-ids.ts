import { installationQuery } from '../query.ts';

/** Which of these events are in a chain already. */
export const findKnownAuditIds = installationQuery({
  sql: 'select id from audit_events where id = any($1::text[])',
  values: ({ ids }: { ids: readonly string[] }) => [ids],
  read: (rows: { id: string }[]) => new Set(rows.map(({ id }) => id)),
});
