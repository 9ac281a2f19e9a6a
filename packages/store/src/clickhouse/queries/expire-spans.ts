import { changeRows, type Pause } from '../mutations.ts';
import type { Clickhouse } from '../open-clickhouse.ts';
import { forgetHours } from './forget-hours.ts';

/** Projects, 500 at most, and the moment before which theirs is due, epoch milliseconds. */
export type DueSpans = { projectIds: readonly string[]; beforeMs: number };

/** Deletes spans that began before, with all that belongs to them but their contents. Gives the projects that had some. */
export function expireSpans(clickhouse: Clickhouse, pause: Pause) {
  const change = changeRows(clickhouse, pause);
  const forget = forgetHours(clickhouse, pause);
  return async (due: DueSpans): Promise<string[]> => {
    const parameters = parametersOf(due);
    const found = await listProjects(clickhouse, dueSql, parameters);
    if (found.length === 0) return found;
    await change('repriced', { sql: `ALTER TABLE repriced DELETE WHERE ${where}`, parameters });
    await change('spans', { sql: `ALTER TABLE spans DELETE WHERE ${where}`, parameters });
    await forget({ where: begunBefore, parameters });
    for (const table of ['hour_builds', 'hour_changes'] as const)
      await change(table, { sql: `ALTER TABLE ${table} DELETE WHERE ${endedBefore('hour')}`, parameters });
    for (const table of ['gateway_calls', 'gateway_claims'] as const)
      await change(table, { sql: `ALTER TABLE ${table} DELETE WHERE ${where}`, parameters });
    for (const table of ['scores', 'ingest_losses'] as const)
      await change(table, { sql: `ALTER TABLE ${table} DELETE WHERE ${judgedBefore}`, parameters });
    await change('span_parts', { sql: partsSql, parameters });
    await change('trace_index', { sql: indexSql, parameters });
    return found;
  };
}

/** Takes out of older spans what was asked and answered. What they cost and how long they took stays. Gives projects as above. */
export function blankSpans(clickhouse: Clickhouse, pause: Pause) {
  const change = changeRows(clickhouse, pause);
  return async (due: DueSpans): Promise<string[]> => {
    const parameters = parametersOf(due);
    const found = await listProjects(clickhouse, filledSql, parameters);
    if (found.length === 0) return found;
    await change('spans', { sql: blankSql, parameters });
    // They hold what was asked and answered too; a span that is so old gets no more of them.
    await change('span_parts', { sql: partsSql, parameters });
    return found;
  };
}

/** Drops months that are due for every project at once, which frees their space without writing anything anew. */
export function dropMonths(clickhouse: Clickhouse) {
  return async ({ beforeMs }: { beforeMs: number }): Promise<number> => {
    const rows = await clickhouse.rows<{ month: string }>(monthsSql, {
      before_s: Math.floor(beforeMs / 1_000),
    });
    for (const { month } of rows) {
      await clickhouse.write(dropSql, { month: Number(month) });
      for (const table of ['hour_changes', 'hour_builds', 'day_builds', 'hour_sums', 'day_sums'])
        await clickhouse.write(`ALTER TABLE ${table} DROP PARTITION {month:UInt32}`, {
          month: Number(month),
        });
    }
    return rows.length;
  };
}

/**
 * The moment from which on a project's contents fit: contents count where they were spoken of last. Undefined when all of
 * them fit. Epoch milliseconds.
 */
export function findContentCutoff(clickhouse: Clickhouse) {
  return async (projectId: string, { bytesMax }: { bytesMax: number }): Promise<number | undefined> => {
    const rows = await clickhouse.rows<{ hour_s: number; bytes: string }>(hoursSql, {
      project_id: projectId,
    });
    let bytes = 0;
    for (const row of rows) {
      bytes += Number(row.bytes);
      if (bytes > bytesMax) return (row.hour_s + 3_600) * 1_000;
    }
    return undefined;
  };
}

async function listProjects(
  clickhouse: Clickhouse,
  sql: string,
  parameters: Readonly<Record<string, string | number>>,
): Promise<string[]> {
  const rows = await clickhouse.rows<{ project_id: string }>(sql, parameters);
  return rows.map(({ project_id }) => project_id);
}

function parametersOf({ projectIds, beforeMs }: DueSpans) {
  return {
    projects: projectIds.join(','),
    before_nanos: (BigInt(Math.floor(beforeMs)) * 1_000_000n).toString(),
  };
}

/** Ids have no comma in them. */
const ofProjects = "project_id IN splitByChar(',', {projects:String})";
const where = `${ofProjects} AND started_at < fromUnixTimestamp64Nano({before_nanos:Int64}, 'UTC')`;

/** Of the hour in which that moment lies, a part is left. */
const begunBefore = (hour: string) =>
  `${ofProjects} AND toUnixTimestamp(${hour}) * 1000000000 < {before_nanos:Int64}`;
const endedBefore = (hour: string) =>
  `${ofProjects} AND (toUnixTimestamp(${hour}) + 3600) * 1000000000 <= {before_nanos:Int64}`;

const judgedBefore = `${ofProjects} AND at < fromUnixTimestamp64Nano({before_nanos:Int64}, 'UTC')`;
const spokenBefore = `${ofProjects} AND part_at < intDiv({before_nanos:Int64}, 1000000)`;
const partsSql = `ALTER TABLE span_parts DELETE WHERE ${spokenBefore}`;

const dueSql = `SELECT DISTINCT project_id FROM (
    SELECT project_id FROM spans WHERE ${where} UNION ALL SELECT project_id FROM scores WHERE ${judgedBefore}
    UNION ALL SELECT project_id FROM ingest_losses WHERE ${judgedBefore}
    UNION ALL SELECT project_id FROM span_parts WHERE ${spokenBefore}) LIMIT 1000`;

const filledSql = `SELECT DISTINCT project_id FROM spans WHERE ${where} AND capture != 'metadata' LIMIT 1000`;

const indexSql = `ALTER TABLE trace_index DELETE WHERE ${ofProjects}
  AND last_at < fromUnixTimestamp64Nano({before_nanos:Int64}, 'UTC')`;

const blankSql = `ALTER TABLE spans UPDATE request = '', reply = '', attributes = '', content_digests = [], input_preview = '',
    output_preview = '', capture = 'metadata'
  WHERE ${where} AND capture != 'metadata'`;

const monthsSql = `SELECT partition AS month FROM system.parts
  WHERE database = currentDatabase() AND table = 'spans' AND active
  GROUP BY partition HAVING toUnixTimestamp(max(max_time)) < {before_s:UInt32} ORDER BY partition LIMIT 1000`;

const dropSql = 'ALTER TABLE spans DROP PARTITION {month:UInt32}';

const hoursSql = `SELECT toUnixTimestamp(hour) AS hour_s, sum(bytes) AS bytes FROM (
    SELECT digest, max(toStartOfHour(started_at)) AS hour FROM (
      SELECT arrayJoin(content_digests) AS digest, started_at FROM spans WHERE project_id = {project_id:String})
    GROUP BY digest) AS referred
  INNER JOIN (SELECT digest, max(length(content)) AS bytes FROM contents WHERE project_id = {project_id:String}
    GROUP BY digest) AS stored ON referred.digest = stored.digest
  GROUP BY hour ORDER BY hour DESC LIMIT 50000`;
