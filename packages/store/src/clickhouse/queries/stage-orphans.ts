import type { Clickhouse } from '../open-clickhouse.ts';

/** Contents of one project that are compared with its spans at a time. */
const digestsMax = 300_000;

/** base64url's letters in the order in which ClickHouse sorts them. */
const letters = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';

export type Orphans = {
  jobId: string;
  /** Epoch milliseconds of ClickHouse's clock. */
  storedBeforeMs: number;
};

/** Names the contents of a project that no span refers to and that were stored before. Gives how many. */
export function stageOrphans(clickhouse: Clickhouse) {
  return async (projectId: string, { jobId, storedBeforeMs }: Orphans): Promise<number> => {
    await clickhouse.write('ALTER TABLE erasures DROP PARTITION {job_id:String}', { job_id: jobId });
    const scope = { project_id: projectId, job_id: jobId };
    const [all] = await clickhouse.rows<{ contents: string }>(contentsSql, { project_id: projectId });
    const pieces = Math.min(letters.length, Math.ceil(Number(all?.contents ?? 0) / digestsMax));
    for (const [from, to] of rangesOf(pieces)) {
      await clickhouse.write(orphansSql, { ...scope, from, to, stored_ms: Math.floor(storedBeforeMs) });
    }
    const [row] = await clickhouse.rows<{ contents: string }>(countSql, scope);
    return Number(row?.contents ?? 0);
  };
}

/** Digests are spread evenly, so ranges of first letters are about equal. `~` comes after every letter. */
function rangesOf(pieces: number): [from: string, to: string][] {
  const starts = Array.from(
    { length: pieces },
    (_, place) => letters[Math.floor((place * letters.length) / pieces)] ?? '',
  );
  return starts.map((from, place) => [place === 0 ? '' : from, starts[place + 1] ?? '~']);
}

const contentsSql = 'SELECT count() AS contents FROM contents WHERE project_id = {project_id:String} LIMIT 1';

const orphansSql = `INSERT INTO erasures (project_id, job_id, kind, trace_id, span_id, digest, request_id, started_at)
  SELECT DISTINCT project_id, {job_id:String}, 'content', '', '', digest, '', fromUnixTimestamp64Nano(0, 'UTC')
  FROM contents WHERE project_id = {project_id:String} AND digest >= {from:String} AND digest < {to:String}
    AND stored_at < fromUnixTimestamp64Milli({stored_ms:Int64}, 'UTC')
    AND digest NOT IN (
      SELECT digest FROM (SELECT arrayJoin(content_digests) AS digest FROM spans WHERE project_id = {project_id:String})
      WHERE digest >= {from:String} AND digest < {to:String})
  LIMIT 100000000`;

const countSql = `SELECT count() AS contents FROM erasures
  WHERE project_id = {project_id:String} AND job_id = {job_id:String} AND kind = 'content' LIMIT 1`;
