import type { Clickhouse } from '../open-clickhouse.ts';

/** How many spans senders lost before they came here since a moment, by reason; the most first. */
export function readIngestLosses(clickhouse: Clickhouse) {
  return async (projectId: string, sinceMs: number): Promise<{ reason: string; spans: number }[]> => {
    const rows = await clickhouse.rows<{ reason: string; lost: string }>(lossesSql, {
      project_id: projectId,
      since_ms: Math.trunc(sinceMs),
    });
    return rows.map(({ reason, lost }) => ({ reason, spans: Number(lost) }));
  };
}

const lossesSql = `SELECT reason, sum(spans) AS lost FROM ingest_losses
  WHERE project_id = {project_id:String} AND reason != 'refused'
    AND at >= fromUnixTimestamp64Milli({since_ms:Int64}, 'UTC')
  GROUP BY reason ORDER BY lost DESC, reason LIMIT 20`;
