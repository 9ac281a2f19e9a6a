import {
  type AnomalyMetric,
  type AnomalyRow,
  anomalyColumns,
  readAnomaly,
  type StoredAnomaly,
} from '../anomaly-row.ts';
import { parseKeyCursor, writeKeyCursor } from '../key-cursor.ts';
import { projectQuery } from '../query.ts';

export type ListAnomalies = {
  state?: StoredAnomaly['state'] | undefined;
  metric?: AnomalyMetric | undefined;
  /** 1 to 200. */
  limit: number;
  cursor?: string | undefined;
};

/** A project's anomalies, newest first. A page begins after the last row seen. */
export const listAnomalies = projectQuery({
  sql: `select ${anomalyColumns} from anomalies where project_id = $1 and ($2::text is null or state = $2)
      and ($3::text is null or metric = $3) and ($4::timestamptz is null or (from_at, id) < ($4, $5))
    order by from_at desc, id desc limit $6`,
  values: (search: ListAnomalies) => {
    const after = search.cursor === undefined ? undefined : parseKeyCursor(search.cursor);
    return [search.state, search.metric, after?.createdAt ?? null, after?.id ?? null, search.limit + 1];
  },
  read: (rows: AnomalyRow[], { limit }): { anomalies: StoredAnomaly[]; nextCursor: string | null } => {
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      anomalies: rows.slice(0, limit).map(readAnomaly),
      nextCursor: last === undefined ? null : writeKeyCursor({ created_at: last.from_at, id: last.id }),
    };
  },
});
