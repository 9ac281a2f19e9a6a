import type { Anomaly, AnomalyList, AnomalySearch } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { RelationalStore, StoredAnomaly } from '@app/store';
import { refuseTestKey } from '../alerts/create-alerts.ts';
import type { LimitActor } from '../limits/management/limit-place.ts';

export type AnomaliesDeps = {
  anomalies: Pick<RelationalStore['anomalies'], 'listAnomalies' | 'findAnomaly' | 'acknowledgeAnomaly'>;
};

/** What is unusual in a project, for people. */
export type Anomalies = {
  list(projectId: string, search: AnomalySearch): Promise<AnomalyList>;
  /** As it is before a change. Throws `not_found` when the project has no such anomaly. */
  getToChange(projectId: string, id: string, actor: LimitActor): Promise<Anomaly>;
  /** Somebody has seen it; who said so first stays. */
  acknowledge(
    projectId: string,
    id: string,
    by: LimitActor & { label?: string | undefined },
  ): Promise<Anomaly>;
};

export function createAnomalies({ anomalies }: AnomaliesDeps): Anomalies {
  const shown = (anomaly: StoredAnomaly | undefined): Anomaly => {
    if (anomaly !== undefined) return writeAnomaly(anomaly);
    throw new GatewayError('not_found', 'There is no such anomaly here.', { retryable: false });
  };
  return {
    list: async (projectId, search) => {
      const page = await anomalies.listAnomalies(projectId, search);
      return { data: page.anomalies.map(writeAnomaly), next_cursor: page.nextCursor };
    },
    getToChange: async (projectId, id, actor) => {
      refuseTestKey(actor);
      return shown(await anomalies.findAnomaly(projectId, { id }));
    },
    acknowledge: async (projectId, id, by) => {
      refuseTestKey(by);
      return shown(await anomalies.acknowledgeAnomaly(projectId, { id, by: by.label ?? by.id }));
    },
  };
}

/** An anomaly as people are shown it. */
export function writeAnomaly(anomaly: StoredAnomaly): Anomaly {
  return {
    id: anomaly.id,
    project_id: anomaly.projectId,
    metric: anomaly.metric,
    subject: { kind: anomaly.kind, id: anomaly.subject, name: anomaly.subjectName },
    from: new Date(anomaly.fromMs).toISOString(),
    to: new Date(anomaly.toMs).toISOString(),
    value: anomaly.value,
    expected: anomaly.expected,
    score: anomaly.score,
    basis: anomaly.basis,
    explanation: anomaly.explanation,
    contributors: [...anomaly.contributors],
    history: [...anomaly.history],
    state: anomaly.state,
    acknowledged_by: anomaly.acknowledgedBy ?? null,
  };
}
