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
  builds: readonly string[];
  /** Seconds since 1970. */
  builtHours: readonly number[];
  /** Seconds since 1970. */
  rawHours: readonly number[];
};

type HourRow = { hour_s: number; noted: string; built: string; build: string };

/**
 * What of a stretch is added up and unchanged since. An hour that the stretch holds only in part, or in which anything
 * changed, is read from its spans, so the answer is the same as if nothing had ever been added up.
 */
export async function findSums(clickhouse: Clickhouse, projectId: string, stretch: Stretch): Promise<Sums> {
  const rows = await clickhouse.rows<HourRow>(hoursSql, { project_id: projectId, ...hoursOf(stretch) });
  const builds: string[] = [];
  const builtHours: number[] = [];
  const rawHours: number[] = [];
  for (const row of rows) {
    const begin = BigInt(row.hour_s) * 1_000_000_000n;
    const isWithin = begin >= stretch.from && begin + hourNanos <= stretch.to;
    const isBuilt = isWithin && row.noted === row.built;
    if (isBuilt) builds.push(row.build);
    (isBuilt ? builtHours : rawHours).push(row.hour_s);
  }
  return { stretch, builds, builtHours, rawHours };
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

/** The same, all of it read from spans. */
export function withoutSums({ stretch, rawHours, builtHours }: Sums): Sums {
  return { stretch, builds: [], builtHours: [], rawHours: [...rawHours, ...builtHours] };
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

/** Stands in the place of a table: rows of sums, to be added up further. */
export function sumsSql(sums: Sums, asked: SumsAsked): string {
  const hasBuilds = sums.builds.length > 0;
  const parts = hasBuilds ? [builtSql(asked)] : [];
  if (sums.rawHours.length > 0 || !hasBuilds) parts.push(rawSql(asked));
  return ['(', parts.join(' UNION ALL '), ')'].join('');
}

function builtSql({ family, keys, columns, filters }: SumsAsked): string {
  const named = keys.map((key) => (key.built ?? key.name).concat(' AS ', key.name));
  return `SELECT ${[...named, ...columns].join(', ')} FROM hour_sums
      WHERE project_id = {project_id:String} AND family = '${family}' AND toUnixTimestamp(at) >= {first_hour:UInt32}
        AND toUnixTimestamp(at) < {last_hour:UInt32} + 3600 AND build IN
          (SELECT toUInt64(arrayJoin(splitByChar(',', {builds:String}))) AS each LIMIT ${hoursMax}) ${andAll(filters)}`;
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
export function sumsParameters({ stretch, builds, rawHours }: Sums) {
  return {
    ...stretchParameters(stretch),
    ...hoursOf(stretch),
    builds: builds.join(','),
    raw_hours: rawHours.length === 0 ? '0' : rawHours.join(','),
  };
}
