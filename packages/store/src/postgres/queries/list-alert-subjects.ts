import { type AlertSubject, type AlertSubjectRow, readAlertSubject } from '../alert-event-row.ts';
import { installationQuery } from '../query.ts';

/** What rules fire for or fired for lately, by the id of the rule; those that fire most first. */
export const listAlertSubjects = installationQuery({
  sql: `select alert_id, subject, is_firing, since, value, told_at, is_told, held_until, explanation
    from alert_subjects where alert_id = any($1::text[]) order by alert_id, value desc, subject`,
  values: (input: { alertIds: readonly string[] }) => [input.alertIds],
  read: (rows: AlertSubjectRow[]): ReadonlyMap<string, AlertSubject[]> => {
    const found = new Map<string, AlertSubject[]>();
    for (const row of rows) {
      const own = found.get(row.alert_id) ?? [];
      own.push(readAlertSubject(row));
      found.set(row.alert_id, own);
    }
    return found;
  },
});
