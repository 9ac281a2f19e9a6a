import type { Database } from './open-postgres.ts';
import { acknowledgeAnomaly } from './queries/acknowledge-anomaly.ts';
import { endAnomalies } from './queries/end-anomalies.ts';
import { findAnomaly } from './queries/find-anomaly.ts';
import { listAnomalies } from './queries/list-anomalies.ts';
import { listCurrentAnomalies } from './queries/list-current-anomalies.ts';
import { listProjectPlaces } from './queries/list-project-places.ts';
import { saveAnomalyCheck } from './queries/save-anomaly-check.ts';
import { upsertAnomaly } from './queries/upsert-anomaly.ts';

/** What is not as usual, and which projects were looked at for it. */
export function anomalyTables(postgres: Database) {
  return {
    anomalies: {
      upsertAnomaly: upsertAnomaly(postgres),
      endAnomalies: endAnomalies(postgres),
      listAnomalies: listAnomalies(postgres),
      listCurrentAnomalies: listCurrentAnomalies(postgres),
      findAnomaly: findAnomaly(postgres),
      acknowledgeAnomaly: acknowledgeAnomaly(postgres),
      listProjectPlaces: listProjectPlaces(postgres),
      saveAnomalyCheck: saveAnomalyCheck(postgres),
    },
  };
}
