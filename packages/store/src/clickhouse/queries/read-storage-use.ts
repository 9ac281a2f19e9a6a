import type { StorageUse } from '@app/contract';
import type { Clickhouse } from '../open-clickhouse.ts';
import { readRowSizes } from './count-erasable.ts';

/**
 * What a project's traces take. Parts hold rows of many projects, so the bytes of spans are an average; those of contents are
 * what they are before they are compressed.
 */
export function readStorageUse(clickhouse: Clickhouse) {
  return async (projectId: string): Promise<Omit<StorageUse, 'responses'>> => {
    const scope = { project_id: projectId };
    const [spans, contents, sizes] = await Promise.all([
      clickhouse.rows<{ spans: string; traces: string; oldest_at: string }>(spansSql, scope),
      clickhouse.rows<{ contents: string; bytes: string }>(contentsSql, scope),
      readRowSizes(clickhouse),
    ]);
    const spanCount = Number(spans[0]?.spans ?? 0);
    return {
      traces: Number(spans[0]?.traces ?? 0),
      spans: spanCount,
      trace_bytes: Math.round(spanCount * sizes.spanBytes),
      contents: Number(contents[0]?.contents ?? 0),
      content_bytes: Number(contents[0]?.bytes ?? 0),
      oldest_at: spanCount === 0 ? null : (spans[0]?.oldest_at ?? null),
    };
  };
}

const spansSql = `SELECT count() AS spans, count(DISTINCT trace_id) AS traces, min(started_at) AS oldest_at
  FROM spans FINAL WHERE project_id = {project_id:String} LIMIT 1`;

const contentsSql = `SELECT count() AS contents, sum(bytes) AS bytes FROM (
    SELECT digest, max(length(content)) AS bytes FROM contents WHERE project_id = {project_id:String} GROUP BY digest)
  LIMIT 1`;
