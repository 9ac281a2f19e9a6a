import { type AnomalyRow, anomalyColumns, readAnomaly, type StoredAnomaly } from '../anomaly-row.ts';
import { projectQuery } from '../query.ts';

export type UpsertAnomaly = Omit<StoredAnomaly, 'projectId' | 'state' | 'acknowledgedBy'>;

/**
 * Opens an anomaly. Where the same metric of the same subject has one that is not over, that one goes on: its figures
 * become these when they are further from the usual.
 */
export const upsertAnomaly = projectQuery({
  sql: `insert into anomalies (project_id, id, organization_id, metric, kind, subject, subject_name, from_at, to_at, value,
      low, middle, high, score, basis, explanation, contributors, history, state)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 'open')
    on conflict (project_id, metric, kind, subject) where state <> 'over' do update set
      to_at = excluded.to_at, subject_name = excluded.subject_name,
      (value, low, middle, high, score, basis, explanation, contributors, history) = (
        select w.value, w.low, w.middle, w.high, w.score, w.basis, w.explanation, w.contributors, w.history
        from (values
          (excluded.value, excluded.low, excluded.middle, excluded.high, excluded.score, excluded.basis,
            excluded.explanation, excluded.contributors, excluded.history),
          (anomalies.value, anomalies.low, anomalies.middle, anomalies.high, anomalies.score, anomalies.basis,
            anomalies.explanation, anomalies.contributors, anomalies.history)
        ) as w (value, low, middle, high, score, basis, explanation, contributors, history)
        order by abs(w.score) desc limit 1)
    returning ${anomalyColumns}`,
  values: (anomaly: UpsertAnomaly) => [
    anomaly.id,
    anomaly.organizationId,
    anomaly.metric,
    anomaly.kind,
    anomaly.subject,
    anomaly.subjectName,
    new Date(anomaly.fromMs),
    new Date(anomaly.toMs),
    anomaly.value,
    anomaly.expected.low,
    anomaly.expected.middle,
    anomaly.expected.high,
    anomaly.score,
    anomaly.basis,
    anomaly.explanation,
    JSON.stringify(anomaly.contributors),
    JSON.stringify(anomaly.history),
  ],
  read: ([row]: AnomalyRow[]) => {
    if (row === undefined) throw new Error('PostgreSQL kept an anomaly without returning it.');
    return readAnomaly(row);
  },
});
