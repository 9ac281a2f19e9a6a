import type { Filter } from './filter/compile-filter.ts';
import { andAll } from './filter/field-filters.ts';
import { familyWhere, type SumColumn, type SumFamily, sumColumns } from './hour-sums.ts';
import type { Clickhouse } from './open-clickhouse.ts';
import { inStretch, type Stretch, stretchParameters } from './stretch.ts';

const hourNanos = 3_600_000_000_000n;
/** More hours than that are read as they are: a list of them has to fit into a statement. */
const hoursMax = 40_000;

/** Which hours of a stretch are read from their sums, and which from their spans. */
export type Sums = {
  stretch: Stretch;
  /** Those of hours. */
  builds: readonly string[];
  /** The same in fewer rows: those of days, and of the hours that are in none of them. */
  dayBuilds: readonly string[];
  otherBuilds: readonly string[];
  /** Seconds since 1970. */
  builtHours: readonly number[];
  /** Seconds since 1970. */
  rawHours: readonly number[];
};

type HourRow = { hour_s: number; noted: string; built: string; build: string };
type DayRow = { day_s: number; built: string; newest: string };

/** Hours and days of a project with what was noted and added up of them. */
export type NotedHours = { hours: readonly HourRow[]; days: readonly DayRow[] };

/**
 * What of a stretch is added up and unchanged since. An hour that the stretch holds only in part, or in which anything
 * changed, is read from its spans, so the answer is the same as if nothing had ever been added up.
 */
export async function findSums(clickhouse: Clickhouse, projectId: string, stretch: Stretch): Promise<Sums> {
  return sumsWithin(await findHours(clickhouse, projectId, stretch), stretch);
}

export async function findHours(
  clickhouse: Clickhouse,
  projectId: string,
  stretch: Stretch,
): Promise<NotedHours> {
  const scope = { project_id: projectId, ...hoursOf(stretch) };
  const [hours, days] = await Promise.all([
    clickhouse.rows<HourRow>(hoursSql, scope),
    stretch.to - stretch.from < 24n * hourNanos ? [] : clickhouse.rows<DayRow>(daysSql, scope),
  ]);
  return { hours, days };
}

/** The same of a part of the stretch of which the hours were found. */
export function sumsWithin({ hours, days }: NotedHours, stretch: Stretch): Sums {
  const { first_hour, last_hour } = hoursOf(stretch);
  const built: HourRow[] = [];
  const rawHours: number[] = [];
  for (const row of hours) {
    if (row.hour_s < first_hour || row.hour_s > last_hour) continue;
    const begin = BigInt(row.hour_s) * 1_000_000_000n;
    const isWithin = begin >= stretch.from && begin + hourNanos <= stretch.to;
    if (isWithin && row.noted === row.built) built.push(row);
    else rawHours.push(row.hour_s);
  }
  const [builds, builtHours] = [built.map((row) => row.build), built.map((row) => row.hour_s)];
  return { stretch, builds, ...coarsen({ stretch, built, rawHours, days }), builtHours, rawHours };
}

type Found = {
  stretch: Stretch;
  built: readonly HourRow[];
  rawHours: readonly number[];
  days: readonly DayRow[];
};

const dayOfHour = (hourS: number) => Math.floor(hourS / 86_400) * 86_400;

/** A day stands for its hours when all of it is asked for, and all of them are what they were when it was added up. */
function coarsen({ stretch, built, rawHours, days }: Found): Pick<Sums, 'dayBuilds' | 'otherBuilds'> {
  const noted = new Map<number, bigint>();
  for (const row of built) {
    const day = dayOfHour(row.hour_s);
    noted.set(day, (noted.get(day) ?? 0n) + BigInt(row.noted));
  }
  for (const hour of rawHours) noted.delete(dayOfHour(hour));
  const whole = days.filter((row) => {
    const begin = BigInt(row.day_s) * 1_000_000_000n;
    const isWithin = begin >= stretch.from && begin + 24n * hourNanos <= stretch.to;
    return isWithin && noted.get(row.day_s) === BigInt(row.built);
  });
  const held = new Set(whole.map((row) => row.day_s));
  const others = built.filter((row) => !held.has(dayOfHour(row.hour_s)));
  return { dayBuilds: whole.map((row) => row.newest), otherBuilds: others.map((row) => row.build) };
}

/** The part of what was found that lies within a stretch whose ends are whole hours, or those of the whole. */
function hoursOf({ from, to }: Stretch) {
  return {
    first_hour: Number((from / hourNanos) * 3_600n),
    last_hour: Number(((to - 1n) / hourNanos) * 3_600n),
  };
}

const hoursSql = `SELECT toUnixTimestamp(noted_hours.hour) AS hour_s, noted_hours.noted AS noted,
    built_hours.built AS built, built_hours.newest AS build
  FROM (SELECT hour, sum(changes) AS noted FROM hour_changes
    WHERE project_id = {project_id:String} AND toUnixTimestamp(hour) >= {first_hour:UInt32}
      AND toUnixTimestamp(hour) <= {last_hour:UInt32} GROUP BY hour) AS noted_hours
  LEFT JOIN (SELECT hour, argMax(changes, build) AS built, max(build) AS newest FROM hour_builds
    WHERE project_id = {project_id:String} AND toUnixTimestamp(hour) >= {first_hour:UInt32}
      AND toUnixTimestamp(hour) <= {last_hour:UInt32} GROUP BY hour) AS built_hours
    ON noted_hours.hour = built_hours.hour LIMIT ${hoursMax}`;

const daysSql = `SELECT toUnixTimestamp(day) AS day_s, argMax(changes, build) AS built, max(build) AS newest
  FROM day_builds WHERE project_id = {project_id:String} AND toUnixTimestamp(day) >= {first_hour:UInt32}
    AND toUnixTimestamp(day) <= {last_hour:UInt32} GROUP BY day LIMIT ${hoursMax}`;

/** The same, all of it read from spans. */
export function withoutSums({ stretch, rawHours, builtHours }: Sums): Sums {
  const none = { builds: [], dayBuilds: [], otherBuilds: [], builtHours: [] };
  return { ...none, stretch, rawHours: [...rawHours, ...builtHours] };
}

/** A column that rows are apart by, as sums have it and as spans have it. */
export type SumKey = { name: string; built?: string; raw?: string };

export type SumsAsked = {
  family: SumFamily;
  keys: readonly SumKey[];
  columns: readonly SumColumn[];
  /** On columns that sums and spans both have. */
  filters: readonly Filter[];
};

/** A bucket of time that holds whole slots of the family, in seconds. */
export const bucketKey = (bucketS: string): SumKey => ({
  name: 'bucket',
  built: `intDiv(toUnixTimestamp(at), ${bucketS}) * ${bucketS}`,
  raw: `intDiv(toUnixTimestamp(started_at), ${bucketS}) * ${bucketS}`,
});

/** Stands in the place of a table: rows of sums, to be added up further. What is apart by buckets of time is read from hours. */
export function sumsSql(sums: Sums, asked: SumsAsked): string {
  const isFine = asked.keys.some((key) => key.name === 'bucket');
  const parts: string[] = [];
  if (isFine && sums.builds.length > 0) parts.push(builtSql(asked, 'hour_sums', 'builds'));
  if (!isFine && sums.otherBuilds.length > 0) parts.push(builtSql(asked, 'hour_sums', 'other_builds'));
  if (!isFine && sums.dayBuilds.length > 0) parts.push(builtSql(asked, 'day_sums', 'day_builds'));
  if (sums.rawHours.length > 0 || parts.length === 0) parts.push(rawSql(asked));
  return ['(', parts.join(' UNION ALL '), ')'].join('');
}

function builtSql({ family, keys, columns, filters }: SumsAsked, table: string, builds: string): string {
  const named = keys.map((key) => (key.built ?? key.name).concat(' AS ', key.name));
  return `SELECT ${[...named, ...columns].join(', ')} FROM ${table}
      WHERE project_id = {project_id:String} AND family = '${family}' AND toUnixTimestamp(at) >= {first_hour:UInt32}
        AND toUnixTimestamp(at) < {last_hour:UInt32} + 3600 AND build IN
          (SELECT toUInt64(arrayJoin(splitByChar(',', {${builds}:String}))) AS each LIMIT ${hoursMax})
        ${andAll(filters)}`;
}

function rawSql({ family, keys, columns, filters }: SumsAsked): string {
  const names = keys.map((key) => key.name);
  const named = keys.map((key) => (key.raw ?? key.name).concat(' AS ', key.name));
  const added = columns.map((column) => sumColumns[column].concat(' AS sum_', column));
  const renamed = columns.map((column) => ['sum_', column, ' AS ', column].join(''));
  const groupBy = names.length === 0 ? '' : ['GROUP BY', names.join(', ')].join(' ');
  return `SELECT ${[...names, ...renamed].join(', ')} FROM (SELECT ${[...named, ...added].join(', ')} FROM spans FINAL
      WHERE project_id = {project_id:String} AND ${familyWhere[family]} AND ${inStretch}
        AND toUnixTimestamp(toStartOfHour(started_at)) IN
          (SELECT toUInt32(arrayJoin(splitByChar(',', {raw_hours:String}))) AS each LIMIT ${hoursMax}) ${andAll(filters)}
      ${groupBy} LIMIT 100000000)`;
}

/** What is bound for `sumsSql`, besides the project and what filters bind. */
export function sumsParameters({ stretch, builds, dayBuilds, otherBuilds, rawHours }: Sums) {
  return {
    ...stretchParameters(stretch),
    ...hoursOf(stretch),
    builds: builds.join(','),
    day_builds: dayBuilds.join(','),
    other_builds: otherBuilds.join(','),
    raw_hours: rawHours.length === 0 ? '0' : rawHours.join(','),
  };
}
