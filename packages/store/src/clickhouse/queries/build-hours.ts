import {
  familyKeys,
  familySlotS,
  familyWhere,
  type SumColumn,
  type SumFamily,
  sumColumns,
  sumFamilies,
} from '../hour-sums.ts';
import type { Clickhouse } from '../open-clickhouse.ts';
import { buildDays } from './build-days.ts';

export type BuildQuestion = {
  /** By ClickHouse's clock: an hour in which something changed later than so many milliseconds ago is left. */
  settledMs: number;
  /** Hours of one project at a time. */
  hoursMax: number;
};

type DueRow = { project_id: string; hour_s: number; noted: string };

/**
 * Adds up hours that changed and are at rest, those of one project, the newest first, and when there are none the days whose
 * hours are all added up. Gives how many it did; 0 when nothing is due. One server at a time, and none while anything is deleted. What was noted is read before the spans are: an
 * hour that changes meanwhile is due again. An insert ends within a minute of being noted, so with a longer rest nothing that
 * was noted can be missing.
 */
export function buildHours(clickhouse: Clickhouse) {
  return async ({ settledMs, hoursMax }: BuildQuestion): Promise<number> => {
    const due = await clickhouse.rows<DueRow>(dueSql, { settled_ms: settledMs, row_count: hoursMax });
    const [first] = due;
    if (first === undefined)
      return buildDays(clickhouse, { settledMs, findLastBuild: () => findLastBuild(clickhouse) });
    const rows = due.filter((row) => row.project_id === first.project_id);
    let build = await findLastBuild(clickhouse);
    const pairs = rows.map((row) => {
      build += 1n;
      return { ...row, build: build.toString() };
    });
    const scope = {
      project_id: first.project_id,
      hours: pairs.map((row) => row.hour_s).join(','),
      builds: pairs.map((row) => row.build).join(','),
      noted: pairs.map((row) => row.noted).join(','),
      first_hour: Math.min(...pairs.map((row) => row.hour_s)),
      last_hour: Math.max(...pairs.map((row) => row.hour_s)),
    };
    for (const family of sumFamilies) await clickhouse.write(sumSql(family), scope);
    await clickhouse.write(builtSql, scope);
    return pairs.length;
  };
}

/** Takes away sums that a later build replaced, or that belong to a build that was not finished. Gives whether there were any. */
export function clearBuilds(clickhouse: Clickhouse) {
  return async (): Promise<boolean> => {
    let isStale = false;
    for (const [table, where] of [['hour_sums', staleHours] as const, ['day_sums', staleDays] as const]) {
      const [row] = await clickhouse.rows<{ stale: string }>(staleSql(table, where), {});
      if (Number(row?.stale ?? 0) === 0) continue;
      await clickhouse.write(`ALTER TABLE ${table} DELETE WHERE ${where}`, {});
      isStale = true;
    }
    return isStale;
  };
}

/**
 * Counts hours as changed whose parts were written since the last change that was noted before `openedMs`, or within 13 minutes before it,
 * because a move is noted 10 minutes ahead: when
 * ClickHouse dies between storing rows and noting it, nobody else would know. Epoch milliseconds of ClickHouse's clock.
 */
export function noteUnnoted(clickhouse: Clickhouse) {
  return async (openedMs: number): Promise<void> => {
    await clickhouse.write(unnotedSql, { opened_ms: Math.floor(openedMs) });
  };
}

/** Seconds for which ClickHouse has run. */
export function readUptime(clickhouse: Clickhouse) {
  return async (): Promise<number> => {
    const [row] = await clickhouse.rows<{ seconds: number }>('SELECT uptime() AS seconds LIMIT 1', {});
    return row?.seconds ?? 0;
  };
}

const dueSql = `SELECT noted_hours.project_id AS project_id, toUnixTimestamp(noted_hours.hour) AS hour_s,
    noted_hours.noted AS noted
  FROM (SELECT project_id, hour, sum(changes) AS noted, max(last_at) AS changed_at FROM hour_changes
    GROUP BY project_id, hour) AS noted_hours
  LEFT JOIN (SELECT project_id, hour, argMax(changes, build) AS built FROM hour_builds
    GROUP BY project_id, hour) AS built_hours
    ON noted_hours.project_id = built_hours.project_id AND noted_hours.hour = built_hours.hour
  WHERE noted != built_hours.built
    AND toUnixTimestamp64Milli(changed_at) <= toUnixTimestamp64Milli(now64(3, 'UTC')) - {settled_ms:Int64}
  ORDER BY project_id, hour_s DESC LIMIT {row_count:UInt32}`;

/** Also of builds that were not finished. */
const lastBuildSql = `SELECT max(newest) AS build FROM (SELECT max(build) AS newest FROM hour_builds
    UNION ALL SELECT max(build) AS newest FROM day_builds
    UNION ALL SELECT max(build) AS newest FROM hour_sums
    UNION ALL SELECT max(build) AS newest FROM day_sums) LIMIT 1`;

async function findLastBuild(clickhouse: Clickhouse): Promise<bigint> {
  const [last] = await clickhouse.rows<{ build: string }>(lastBuildSql, {});
  return BigInt(last?.build ?? 0);
}

const listed = (name: string) => `splitByChar(',', {${name}:String})`;
const hourSlot = (sql: string) => `toString(toUnixTimestamp(${sql}))`;

/** Of a model's sums nobody asks how many traces or sessions they are of. */
const columnOf = (family: SumFamily, column: SumColumn) =>
  family === 'model' && (column === 'traces' || column === 'sessions')
    ? `uniqStateIf(${column === 'traces' ? 'trace_id' : 'session_id'}, 0)`
    : sumColumns[column];

function sumSql(family: SumFamily): string {
  const names = Object.keys(sumColumns) as SumColumn[];
  const keys = ['mode', 'environment', ...familyKeys[family]].join(', ');
  const sums = names.map((name) => 'sum_'.concat(name)).join(', ');
  const columns = names.map((name) => columnOf(family, name).concat(' AS sum_', name)).join(', ');
  const slot = familySlotS[family];
  return `INSERT INTO hour_sums (project_id, family, at, build, ${keys}, ${names.join(', ')})
    SELECT {project_id:String}, '${family}', toDateTime(slot, 'UTC'),
      toUInt64(transform(toString(intDiv(slot, 3600) * 3600), ${listed('hours')}, ${listed('builds')}, '0')), ${keys}, ${sums}
    FROM (SELECT intDiv(toUnixTimestamp(started_at), ${slot}) * ${slot} AS slot, ${keys}, ${columns}
      FROM spans FINAL WHERE project_id = {project_id:String} AND ${familyWhere[family]}
        AND toUnixTimestamp(toStartOfHour(started_at)) >= {first_hour:UInt32}
        AND toUnixTimestamp(toStartOfHour(started_at)) <= {last_hour:UInt32}
        AND has(${listed('hours')}, ${hourSlot('toStartOfHour(started_at)')})
      GROUP BY slot, ${keys} LIMIT 100000000)`;
}

const builtSql = `INSERT INTO hour_builds (project_id, hour, build, changes)
  SELECT {project_id:String}, toDateTime(toUInt32(hour), 'UTC'), toUInt64(built), toUInt64(noted)
  FROM (SELECT ${listed('hours')} AS hour, ${listed('builds')} AS built, ${listed('noted')} AS noted)
  ARRAY JOIN hour, built, noted`;

const staleHours = 'build NOT IN (SELECT max(build) FROM hour_builds GROUP BY project_id, hour)';
const staleDays = 'build NOT IN (SELECT max(build) FROM day_builds GROUP BY project_id, day)';
const staleSql = (table: string, where: string) =>
  `SELECT count() AS stale FROM ${table} WHERE ${where} LIMIT 1`;

const unnotedSql = `INSERT INTO hour_changes (project_id, hour, changes, last_at)
  SELECT project_id, toStartOfHour(started_at) AS hour, 1, now64(3, 'UTC') FROM spans
  WHERE _part IN (SELECT name FROM system.parts WHERE database = currentDatabase() AND table = 'spans' AND active
    AND toUnixTimestamp(modification_time) >= (SELECT intDiv(toUnixTimestamp64Milli(max(last_at)), 1000) - 780
      FROM hour_changes WHERE toUnixTimestamp64Milli(last_at) < {opened_ms:Int64}))
  GROUP BY project_id, hour LIMIT 100000000`;
