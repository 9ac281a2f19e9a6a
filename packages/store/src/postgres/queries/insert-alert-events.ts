import type { StoredAlertEvent } from '../alert-event-row.ts';
import { installationQuery } from '../query.ts';

/** Writes down changes of state, all of one rule. */
export const insertAlertEvents = installationQuery({
  sql: `insert into alert_events (id, organization_id, project_id, alert_id, alert_name, metric, severity, subject, state,
      value, threshold, at, explanation, message_id)
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
      $9::text[], $10::double precision[], $11::double precision[], $12::timestamptz[], $13::text[], $14::text[])`,
  values: (events: readonly StoredAlertEvent[]) => [
    events.map((each) => each.id),
    events.map((each) => each.organizationId),
    events.map((each) => each.projectId ?? null),
    events.map((each) => each.alertId),
    events.map((each) => each.alertName),
    events.map((each) => each.metric),
    events.map((each) => each.severity),
    events.map((each) => each.subject),
    events.map((each) => each.state),
    events.map((each) => each.value ?? null),
    events.map((each) => each.threshold ?? null),
    events.map((each) => new Date(each.atMs)),
    events.map((each) => each.explanation),
    events.map((each) => each.messageId ?? null),
  ],
  read: () => undefined,
});
