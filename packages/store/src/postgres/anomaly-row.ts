export type AnomalyMetric = 'spend' | 'errors' | 'calls' | 'latency';
export type AnomalyKind = 'project' | 'key' | 'user' | 'model';

/** Something that is not as usual, as it was at its worst. */
export type StoredAnomaly = {
  id: string;
  organizationId: string;
  projectId: string;
  metric: AnomalyMetric;
  kind: AnomalyKind;
  subject: string;
  subjectName: string;
  fromMs: number;
  toMs: number;
  value: number;
  expected: { low: number; middle: number; high: number };
  score: number;
  basis: string;
  explanation: string;
  contributors: readonly { kind: string; id: string; name: string; value: number }[];
  history: readonly number[];
  state: 'open' | 'over' | 'acknowledged';
  acknowledgedBy: string | undefined;
};

export const anomalyColumns = `id, organization_id, project_id, metric, kind, subject, subject_name, from_at, to_at, value,
  low, middle, high, score, basis, explanation, contributors, history, state, acknowledged_by`;

export type AnomalyRow = {
  id: string;
  organization_id: string;
  project_id: string;
  metric: AnomalyMetric;
  kind: AnomalyKind;
  subject: string;
  subject_name: string;
  from_at: Date;
  to_at: Date;
  value: number;
  low: number;
  middle: number;
  high: number;
  score: number;
  basis: string;
  explanation: string;
  contributors: StoredAnomaly['contributors'];
  history: number[];
  state: StoredAnomaly['state'];
  acknowledged_by: string | null;
};

export function readAnomaly(row: AnomalyRow): StoredAnomaly {
  return {
    id: row.id,
    organizationId: row.organization_id,
    projectId: row.project_id,
    metric: row.metric,
    kind: row.kind,
    subject: row.subject,
    subjectName: row.subject_name,
    fromMs: row.from_at.getTime(),
    toMs: row.to_at.getTime(),
    value: row.value,
    expected: { low: row.low, middle: row.middle, high: row.high },
    score: row.score,
    basis: row.basis,
    explanation: row.explanation,
    contributors: row.contributors,
    history: row.history,
    state: row.state,
    acknowledgedBy: row.acknowledged_by ?? undefined,
  };
}
