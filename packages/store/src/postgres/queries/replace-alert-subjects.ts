import type { AlertSubject } from '../alert-event-row.ts';
import { installationQuery } from '../query.ts';

/** Makes these the subjects of a rule, and no others. */
export const replaceAlertSubjects = installationQuery({
  sql: `with gone as (
      delete from alert_subjects where alert_id = $1 and not subject = any($2::text[])
    )
    insert into alert_subjects (alert_id, subject, is_firing, since, value, told_at, is_told, held_until, explanation)
    select $1, s.* from unnest($2::text[], $3::boolean[], $4::timestamptz[], $5::double precision[], $6::timestamptz[],
      $7::boolean[], $8::timestamptz[], $9::text[]) as s
    on conflict (alert_id, subject) do update set is_firing = excluded.is_firing, since = excluded.since,
      value = excluded.value, told_at = excluded.told_at, is_told = excluded.is_told,
      held_until = excluded.held_until, explanation = excluded.explanation`,
  values: ({ alertId, subjects }: { alertId: string; subjects: readonly AlertSubject[] }) => [
    alertId,
    subjects.map((each) => each.subject),
    subjects.map((each) => each.isFiring),
    subjects.map((each) => new Date(each.sinceMs)),
    subjects.map((each) => each.value),
    subjects.map((each) => (each.toldAtMs === undefined ? null : new Date(each.toldAtMs))),
    subjects.map((each) => each.isTold),
    subjects.map((each) => (each.heldUntilMs === undefined ? null : new Date(each.heldUntilMs))),
    subjects.map((each) => each.explanation),
  ],
  read: () => undefined,
});
