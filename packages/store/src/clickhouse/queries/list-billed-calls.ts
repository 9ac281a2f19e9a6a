import type { BilledCall, RepricingCursor } from '../../repricing.ts';
import type { Clickhouse, Parameters } from '../open-clickhouse.ts';
import { type BilledRow, billedColumns, readBilledSpan } from '../priced-span.ts';

export type BilledCallsQuestion = {
  /** Epoch milliseconds of the calls' start; `fromMs` belongs to the range, `toMs` does not. */
  fromMs: number;
  toMs: number;
  after: RepricingCursor | undefined;
  limit: number;
};

/** Attempts of one batch; a call has few, and what is beyond this is an error. */
const attemptsMax = 20_000;

/**
 * A batch of live calls with their attempts, in the order in which spans are stored, so that each batch begins where the
 * one before it ended. `next` is absent when there are no more.
 */
export function listBilledCalls(clickhouse: Clickhouse) {
  return async (
    projectId: string,
    question: BilledCallsQuestion,
  ): Promise<{ calls: BilledCall[]; next: RepricingCursor | undefined }> => {
    const { fromMs, toMs, after, limit } = question;
    const from = after === undefined ? fromMs : Math.max(fromMs, after.hourS * 1_000);
    const scope = {
      project_id: projectId,
      from_nanos: nanos(from),
      to_nanos: nanos(toMs),
      ...cursorOf(after),
    };
    const rows = await clickhouse.rows<BilledRow>(callsSql(limit), scope);
    const last = rows.at(-1);
    if (last === undefined) return { calls: [], next: undefined };
    const attempts = await listAttempts(clickhouse, rows, { ...scope, ...lastOf(last) });
    const calls = rows.map((row) => ({
      call: readBilledSpan(row),
      attempts: attempts.get(`${row.trace_id}${row.span_id}`) ?? [],
    }));
    return { calls, next: rows.length < limit ? undefined : cursorAt(last) };
  };
}

/** How many calls a range has that can be priced again. */
export function countBilledCalls(clickhouse: Clickhouse) {
  return async (projectId: string, { fromMs, toMs }: { fromMs: number; toMs: number }): Promise<number> => {
    const scope = {
      project_id: projectId,
      from_nanos: nanos(fromMs),
      to_nanos: nanos(toMs),
      ...cursorOf(undefined),
    };
    const [row] = await clickhouse.rows<{ calls: string }>(countSql, scope);
    return Number(row?.calls ?? 0);
  };
}

/** Primary key order, so that ClickHouse reads what it needs and no more. */
const order = 'toStartOfHour(started_at), trace_id, span_id';

const calls = `kind = 'call' AND mode = 'live'
    AND started_at >= fromUnixTimestamp64Nano({from_nanos:Int64}, 'UTC')
    AND started_at < fromUnixTimestamp64Nano({to_nanos:Int64}, 'UTC')
    AND (toUnixTimestamp(toStartOfHour(started_at)) > {after_hour:UInt32}
      OR (toUnixTimestamp(toStartOfHour(started_at)) = {after_hour:UInt32} AND (trace_id > {after_trace:String}
        OR (trace_id = {after_trace:String} AND span_id > {after_span:String}))))`;

const callsSql = (limit: number): string =>
  `SELECT ${billedColumns} FROM spans FINAL WHERE project_id = {project_id:String} AND ${calls} ORDER BY ${order} LIMIT ${limit}`;

const countSql = `SELECT count() AS calls FROM spans FINAL
  WHERE project_id = {project_id:String} AND ${calls} LIMIT 1`;

/** The attempts of the calls up to the batch's last, which began while those calls lasted. */
const attemptsSql = `SELECT ${billedColumns} FROM spans FINAL WHERE project_id = {project_id:String}
    AND kind = 'attempt' AND started_at >= fromUnixTimestamp64Nano({from_nanos:Int64}, 'UTC')
    AND started_at <= fromUnixTimestamp64Nano({ended_nanos:Int64}, 'UTC')
    AND trace_id IN (SELECT trace_id FROM spans FINAL WHERE project_id = {project_id:String} AND ${calls}
      AND (toUnixTimestamp(toStartOfHour(started_at)) < {last_hour:UInt32}
        OR (toUnixTimestamp(toStartOfHour(started_at)) = {last_hour:UInt32} AND trace_id <= {last_trace:String})))
  ORDER BY started_at, span_id LIMIT ${attemptsMax + 1}`;

async function listAttempts(
  clickhouse: Clickhouse,
  rows: readonly BilledRow[],
  scope: Parameters,
): Promise<Map<string, BilledCall['attempts']>> {
  const ended = rows.reduce((latest, row) => {
    const at = BigInt(row.ended_nanos);
    return at > latest ? at : latest;
  }, 0n);
  const found = await clickhouse.rows<BilledRow>(attemptsSql, { ...scope, ended_nanos: ended.toString() });
  if (found.length > attemptsMax)
    throw new Error('A batch of calls has more attempts than can be read at once.');
  const byCall = new Map<string, BilledCall['attempts']>();
  for (const row of found) {
    const name = `${row.trace_id}${row.parent_span_id}`;
    byCall.set(name, [...(byCall.get(name) ?? []), readBilledSpan(row)]);
  }
  return byCall;
}

function cursorOf(after: RepricingCursor | undefined): Parameters {
  return {
    after_hour: after?.hourS ?? 0,
    after_trace: after?.traceId ?? '',
    after_span: after?.spanId ?? '',
  };
}

function lastOf({ hour_s, trace_id }: BilledRow): Parameters {
  return { last_hour: hour_s, last_trace: trace_id };
}

function cursorAt({ hour_s, trace_id, span_id }: BilledRow): RepricingCursor {
  return { hourS: hour_s, traceId: trace_id, spanId: span_id };
}

function nanos(epochMs: number): string {
  return (BigInt(Math.floor(epochMs)) * 1_000_000n).toString();
}
