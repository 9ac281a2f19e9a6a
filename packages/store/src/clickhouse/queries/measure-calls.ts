import type { Clickhouse, Parameters } from '../open-clickhouse.ts';
import { inputTokens, outputTokens, sumOf } from '../token-sums.ts';

export type MeasuredKind = 'all' | 'key' | 'user' | 'model';

export type MeasureQuestion = {
  /** At most 1,000. */
  projectIds: readonly string[];
  /** What calls are counted by; `all` counts them together. */
  kinds: readonly MeasuredKind[];
  /** Whether what the projects have together is counted besides what each has. */
  isWhole: boolean;
  /** Only these calls. */
  scope: {
    keyId?: string | undefined;
    user?: string | undefined;
    model?: string | undefined;
    provider?: string | undefined;
  };
  /** Only these subjects, as `kind:subject`; at most 200. */
  subjects?: readonly string[] | undefined;
  /** Which subjects come first where there are more than fit. */
  order: 'nanos' | 'calls' | 'tokens';
  /** Calls that ended from then on, and before then. Epoch milliseconds. */
  fromMs: number;
  toMs: number;
  /** Of each kind in each place. */
  subjectsMax: number;
};

/** What live calls add up to. Latencies are in milliseconds. */
export type CallMeasures = {
  /** A project, or empty for all of them together. */
  projectId: string;
  kind: MeasuredKind;
  subject: string;
  /** How many subjects there are of this kind in this place, also those that did not fit. */
  subjects: number;
  calls: number;
  failed: number;
  refused: number;
  tokens: number;
  nanos: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  /** Undefined where no call streamed. */
  ttft95Ms: number | undefined;
};

/** Calls are stored by when they began: so long before the range, for those that took long. */
const CALL_MS_MAX = 3_600_000;
/** A character that names do not hold; one that does is not found, and no other in its place. */
const SEPARATOR = '\u001f';

/**
 * Measures calls by when they ended: each falls into one of two ranges that follow each other, however long it took. Calls
 * of test keys are not counted.
 */
export function measureCalls(clickhouse: Clickhouse) {
  return async (question: MeasureQuestion): Promise<CallMeasures[]> => {
    const { scope, kinds } = question;
    if (question.projectIds.length === 0 || kinds.length === 0) return [];
    const parameters: Parameters = {
      project_ids: question.projectIds.slice(0, 1_000).join(','),
      started_nanos: nanos(question.fromMs - CALL_MS_MAX),
      from_nanos: nanos(question.fromMs),
      to_nanos: nanos(question.toMs),
      subjects_max: question.subjectsMax,
      ...(question.subjects !== undefined && { subjects: question.subjects.slice(0, 200).join(SEPARATOR) }),
      ...(scope.keyId !== undefined && { key_id: scope.keyId }),
      ...(scope.user !== undefined && { user: scope.user }),
      ...(scope.model !== undefined && { model: scope.model }),
      ...(scope.provider !== undefined && { provider: scope.provider }),
    };
    const rows = await clickhouse.rows<MeasureRow>(measureSql(question), parameters);
    return rows.map(readMeasures);
  };
}

type MeasureRow = { place: string; subject_kind: MeasuredKind; subject: string } & {
  [name in 'subjects' | 'calls' | 'failed' | 'refused' | 'tokens' | 'nanos']: string;
} & { [name in 'p50' | 'p95' | 'p99']: number } & { ttft95: number | null };

const columns: Readonly<Record<MeasuredKind, string>> = {
  all: `''`,
  key: 'key_id',
  user: 'user_id',
  model: 'model',
};

const scopeColumns = { keyId: 'key_id', user: 'user', model: 'model', provider: 'provider' } as const;
const scoped: Readonly<Record<string, string>> = {
  key_id: 'key_id = {key_id:String}',
  user: 'user_id = {user:String}',
  model: 'model = {model:String}',
  provider: 'provider = {provider:String}',
};

const within = `project_id IN (SELECT arrayJoin(splitByChar(',', {project_ids:String})) AS id LIMIT 1000)`;

const isNamed = `concat(subject_kind, ':', subject) IN
      (SELECT arrayJoin(splitByChar('${SEPARATOR}', {subjects:String})) AS name LIMIT 200)`;

/** Who is refused never reached a provider; a provider's own refusal is a failure. */
const isRefused = `(limit_refused != '' OR (provider = '' AND status IN (401, 402, 403, 429)))`;

function measureSql({ kinds, isWhole, scope, order, subjects }: MeasureQuestion): string {
  const names = kinds.map((kind) => `'${kind}'`).join(', ');
  const values = kinds.map((kind) => columns[kind]).join(', ');
  const filters = Object.entries(scopeColumns)
    .filter(([name]) => scope[name as keyof typeof scopeColumns] !== undefined)
    .map(([, column]) => ` AND ${scoped[column]}`)
    .join('');
  const places = isWhole ? `[project_id, '']` : '[project_id]';
  const named = subjects === undefined ? '' : ` AND ${isNamed}`;
  return `SELECT place, subject_kind, subject, count() AS calls, countIf(outcome = 'failed') AS failed,
      countIf(${isRefused}) AS refused, ${sumOf([...inputTokens, ...outputTokens])} AS tokens,
      sum(cost_nanos) AS nanos, quantileTDigest(0.5)(duration_us) AS p50, quantileTDigest(0.95)(duration_us) AS p95,
      quantileTDigest(0.99)(duration_us) AS p99, quantileTDigest(0.95)(ttft_us) AS ttft95,
      count() OVER (PARTITION BY place, subject_kind) AS subjects
    FROM (
      SELECT * FROM spans FINAL
      WHERE ${within} AND kind = 'call' AND mode = 'live'
        AND started_at >= fromUnixTimestamp64Nano({started_nanos:Int64}, 'UTC')
        AND started_at < fromUnixTimestamp64Nano({to_nanos:Int64}, 'UTC')
        AND ended_at >= fromUnixTimestamp64Nano({from_nanos:Int64}, 'UTC')
        AND ended_at < fromUnixTimestamp64Nano({to_nanos:Int64}, 'UTC')${filters}
    )
    ARRAY JOIN [${names}] AS subject_kind, [${values}] AS subject
    ARRAY JOIN ${places} AS place
    WHERE concat(subject_kind, ':', subject) NOT IN ('key:', 'user:', 'model:')${named}
    GROUP BY place, subject_kind, subject
    ORDER BY place, subject_kind, ${order} DESC, subject
    LIMIT {subjects_max:UInt32} BY place, subject_kind LIMIT 50000`;
}

function readMeasures(row: MeasureRow): CallMeasures {
  return {
    projectId: row.place,
    kind: row.subject_kind,
    subject: row.subject,
    subjects: Number(row.subjects),
    calls: Number(row.calls),
    failed: Number(row.failed),
    refused: Number(row.refused),
    tokens: Number(row.tokens),
    nanos: Number(row.nanos),
    p50Ms: row.p50 / 1000,
    p95Ms: row.p95 / 1000,
    p99Ms: row.p99 / 1000,
    ttft95Ms: row.ttft95 === null ? undefined : row.ttft95 / 1000,
  };
}

function nanos(epochMs: number): string {
  return `${Math.max(0, Math.trunc(epochMs))}000000`;
}
