import type { Clickhouse } from '../open-clickhouse.ts';

export type HourlyQuestion = {
  /** The end of the hour that is judged, in epoch milliseconds. */
  toMs: number;
  /** How many hours before it; 0 is the hour itself. At most 400. */
  hoursBefore: readonly number[];
  /** Only these subjects, as `kind:subject`; at most 100. Without them, the largest of each kind. */
  subjects?: readonly string[] | undefined;
  /** How many of each kind where no subjects are named. */
  subjectsMax: number;
};

/** What the live calls of one subject add up to in one hour. An hour without calls has no row. */
export type HourlyRow = {
  kind: 'project' | 'key' | 'user' | 'model';
  subject: string;
  hourBefore: number;
  calls: number;
  failed: number;
  nanos: number;
  p95Ms: number;
};

const CALL_HOURS_MAX = 1;
const HOUR_MS = 3_600_000;
/** A character that names do not hold; one that does is not found, and no other in its place. */
const SEPARATOR = '\u001f';

/**
 * What a project's calls add up to, hour by hour, in all and by key, user and model. Hours end where the question's does,
 * so that the last hour and those of earlier weeks are alike. Calls count in the hour in which they ended.
 */
export function readHours(clickhouse: Clickhouse) {
  return async (projectId: string, question: HourlyQuestion): Promise<HourlyRow[]> => {
    const hours = [...new Set(question.hoursBefore)].slice(0, 400).sort((a, b) => a - b);
    const last = hours.at(-1);
    if (last === undefined) return [];
    const rows = await clickhouse.rows<HourRow>(hoursSql(question.subjects !== undefined), {
      project_id: projectId,
      started_nanos: nanos(question.toMs - (last + 1 + CALL_HOURS_MAX) * HOUR_MS),
      from_nanos: nanos(question.toMs - (last + 1) * HOUR_MS),
      to_nanos: nanos(question.toMs),
      hours: hours.join(','),
      starts: startsOf(question.toMs, hours).join(','),
      subjects: (question.subjects ?? []).slice(0, 100).join(SEPARATOR),
      subjects_max: question.subjectsMax,
    });
    return rows.map(readHour);
  };
}

type HourRow = { subject_kind: HourlyRow['kind']; subject: string; hour: number | string } & {
  [name in 'calls' | 'failed' | 'nanos']: string;
} & { p95: number };

/** Calls are stored by the clock hour in which they began: those that one of the hours can hold, in seconds. */
function startsOf(toMs: number, hours: readonly number[]): number[] {
  const starts = new Set<number>();
  for (const hour of hours) {
    const endS = Math.ceil(toMs / 1000) - hour * 3_600;
    for (let back = 0; back <= 1 + CALL_HOURS_MAX; back += 1) {
      starts.add(Math.floor((endS - 1 - back * 3_600) / 3_600) * 3_600);
    }
  }
  return [...starts];
}

const hoursSql = (isNamed: boolean) => `SELECT subject_kind, subject, hour, count() AS calls,
    countIf(outcome = 'failed') AS failed, sum(cost_nanos) AS nanos, quantileTDigest(0.95)(duration_us) AS p95
  FROM (
    SELECT key_id, user_id, model, outcome, cost_nanos, duration_us,
      intDiv(toUnixTimestamp64Nano(fromUnixTimestamp64Nano({to_nanos:Int64}, 'UTC'))
        - toUnixTimestamp64Nano(ended_at) - 1, 3600000000000) AS hour
    FROM spans FINAL
    WHERE project_id = {project_id:String} AND kind = 'call' AND mode = 'live'
      AND started_at >= fromUnixTimestamp64Nano({started_nanos:Int64}, 'UTC')
      AND started_at < fromUnixTimestamp64Nano({to_nanos:Int64}, 'UTC')
      AND toUnixTimestamp(toStartOfHour(started_at)) IN
        (SELECT toUInt32(arrayJoin(splitByChar(',', {starts:String}))) AS start LIMIT 2000)
      AND ended_at >= fromUnixTimestamp64Nano({from_nanos:Int64}, 'UTC')
      AND ended_at < fromUnixTimestamp64Nano({to_nanos:Int64}, 'UTC')
      AND hour IN (SELECT toUInt32(arrayJoin(splitByChar(',', {hours:String}))) AS each LIMIT 400)
  )
  ARRAY JOIN ['project', 'key', 'user', 'model'] AS subject_kind, ['', key_id, user_id, model] AS subject
  WHERE concat(subject_kind, ':', subject) NOT IN ('key:', 'user:', 'model:')${
    isNamed
      ? ` AND concat(subject_kind, ':', subject) IN
    (SELECT arrayJoin(splitByChar('${SEPARATOR}', {subjects:String})) AS name LIMIT 100)`
      : ''
  }
  GROUP BY subject_kind, subject, hour
  ORDER BY subject_kind, hour, nanos DESC, calls DESC, subject
  LIMIT {subjects_max:UInt32} BY subject_kind, hour LIMIT 50000`;

function readHour(row: HourRow): HourlyRow {
  return {
    kind: row.subject_kind,
    subject: row.subject,
    hourBefore: Number(row.hour),
    calls: Number(row.calls),
    failed: Number(row.failed),
    nanos: Number(row.nanos),
    p95Ms: row.p95 / 1000,
  };
}

function nanos(epochMs: number): string {
  return `${Math.max(0, Math.trunc(epochMs))}000000`;
}
