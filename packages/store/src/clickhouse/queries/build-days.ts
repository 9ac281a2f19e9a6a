import { dayOf, daySumColumns, type SumColumn } from '../hour-sums.ts';
import type { Clickhouse } from '../open-clickhouse.ts';

/** At a time; each is as much as its hours are. */
const daysMax = 4;

type DueRow = { project_id: string; day_s: string; noted: string };

type DaysQuestion = { settledMs: number; findLastBuild(): Promise<bigint> };

/**
 * Adds up days of one project that are over and whose hours are all added up and at rest, out of the sums of these hours, the newest first. Gives
 * how many it did. Changes of an hour are only ever added, or go with its day: when the sum of a day is what it was, so is
 * each of its hours.
 */
export async function buildDays(
  clickhouse: Clickhouse,
  { settledMs, findLastBuild }: DaysQuestion,
): Promise<number> {
  const due = await clickhouse.rows<DueRow>(dueSql, { settled_ms: settledMs, row_count: daysMax });
  const [first] = due;
  if (first === undefined) return 0;
  let build = await findLastBuild();
  const rows = due
    .filter((row) => row.project_id === first.project_id)
    .map((row) => {
      build += 1n;
      return { ...row, build: build.toString() };
    });
  const scope = {
    project_id: first.project_id,
    days: rows.map((row) => row.day_s).join(','),
    builds: rows.map((row) => row.build).join(','),
    noted: rows.map((row) => row.noted).join(','),
    first_s: Math.min(...rows.map((row) => Number(row.day_s))),
    last_s: Math.max(...rows.map((row) => Number(row.day_s))),
  };
  await clickhouse.write(sumSql, scope);
  await clickhouse.write(builtSql, scope);
  return rows.length;
}

/** What was added up of an hour was never more than was noted of it: the same of all hours is the same of each. */
const dueSql = `SELECT noted_days.project_id AS project_id, noted_days.day_s AS day_s, noted_days.noted AS noted
  FROM (SELECT project_id, ${dayOf('hour')} AS day_s, sum(changes) AS noted, max(last_at) AS changed_at FROM hour_changes
    GROUP BY project_id, day_s) AS noted_days
  INNER JOIN (SELECT project_id, ${dayOf('hour')} AS day_s, sum(newest) AS added FROM
      (SELECT project_id, hour, argMax(changes, build) AS newest FROM hour_builds GROUP BY project_id, hour)
    GROUP BY project_id, day_s) AS added_days
    ON noted_days.project_id = added_days.project_id AND noted_days.day_s = added_days.day_s
  LEFT JOIN (SELECT project_id, ${dayOf('day')} AS day_s, argMax(changes, build) AS built FROM day_builds
    GROUP BY project_id, day_s) AS built_days
    ON noted_days.project_id = built_days.project_id AND noted_days.day_s = built_days.day_s
  WHERE noted = added_days.added AND noted != built_days.built AND noted_days.day_s + 86400 <= toUnixTimestamp(now64(3, 'UTC'))
    AND toUnixTimestamp64Milli(changed_at) <= toUnixTimestamp64Milli(now64(3, 'UTC')) - {settled_ms:Int64}
  ORDER BY project_id, day_s DESC LIMIT {row_count:UInt32}`;

const listed = (name: string) => `splitByChar(',', {${name}:String})`;
const keys = 'mode, environment, provider, model, user_id, prompt_name, prompt_version, prompt_digest';
const names = Object.keys(daySumColumns) as SumColumn[];
const sums = names.map((name) => 'sum_'.concat(name)).join(', ');
const columns = names.map((name) => daySumColumns[name].concat(' AS sum_', name)).join(', ');

const sumSql = `INSERT INTO day_sums (project_id, family, at, build, ${keys}, ${names.join(', ')})
  SELECT {project_id:String}, of_family, toDateTime(day_s, 'UTC'),
    toUInt64(transform(toString(day_s), ${listed('days')}, ${listed('builds')}, '0')), ${keys}, ${sums}
  FROM (SELECT toString(family) AS of_family, ${dayOf('at')} AS day_s, ${keys}, ${columns}
    FROM hour_sums WHERE project_id = {project_id:String}
      AND toUnixTimestamp(at) >= {first_s:UInt32} AND toUnixTimestamp(at) < {last_s:UInt32} + 86400
      AND has(${listed('days')}, toString(${dayOf('at')}))
      AND build IN (SELECT max(build) FROM hour_builds WHERE project_id = {project_id:String} GROUP BY hour)
    GROUP BY of_family, day_s, ${keys} LIMIT 100000000)`;

const builtSql = `INSERT INTO day_builds (project_id, day, build, changes)
  SELECT {project_id:String}, toDateTime(toUInt32(day), 'UTC'), toUInt64(built), toUInt64(noted)
  FROM (SELECT ${listed('days')} AS day, ${listed('builds')} AS built, ${listed('noted')} AS noted)
  ARRAY JOIN day, built, noted`;
