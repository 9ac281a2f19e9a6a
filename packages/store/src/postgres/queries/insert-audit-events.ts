import { auditEventColumns, type StoredAuditEvent } from '../audit-event-row.ts';
import { organizationQuery } from '../query.ts';

/** Adds links, which were numbered and bound while their chain was locked. */
export const insertAuditEvents = organizationQuery({
  sql: `insert into audit_events (organization_id, ${auditEventColumns})
    select $1, * from unnest($2::bigint[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[],
      $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],
      $18::text[], $19::text[], $20::text[], $21::text[], $22::integer[], $23::bytea[], $24::bytea[])
    returning organization_id = $1 is_own`,
  values: ({ events }: { events: readonly StoredAuditEvent[] }) => [
    events.map((event) => event.sequence),
    events.map((event) => event.id),
    events.map((event) => new Date(event.atMs)),
    events.map((event) => event.action),
    events.map((event) => event.outcome),
    events.map((event) => event.actorKind),
    events.map((event) => event.actorId),
    events.map((event) => event.actorLabel),
    events.map((event) => event.actorRole),
    events.map((event) => event.actorSession),
    events.map((event) => event.ip),
    events.map((event) => event.userAgent),
    events.map((event) => event.requestId),
    events.map((event) => event.projectId),
    events.map((event) => event.targetKind),
    events.map((event) => event.targetId),
    events.map((event) => event.targetName),
    events.map((event) => event.before),
    events.map((event) => event.after),
    events.map((event) => event.reason),
    events.map((event) => event.count),
    events.map((event) => event.previous),
    events.map((event) => event.mac),
  ],
  read: () => undefined,
});
