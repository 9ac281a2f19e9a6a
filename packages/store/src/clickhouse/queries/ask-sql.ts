import { setTimeout } from 'node:timers/promises';
import type { SqlAnswer } from '@app/contract';
import { ClickHouseError } from '@clickhouse/client';
import { StoreError } from '../../error.ts';
import { parseQuery } from '../../sql/parse-query.ts';
import { SqlFault } from '../../sql/sql-fault.ts';
import { writeMarkedQuery } from '../../sql/write-query.ts';
import type { Clickhouse } from '../open-clickhouse.ts';

type Question = { sql: string; rowsMax: number; id?: string | undefined; signal?: AbortSignal | undefined };

/** How often, and how many times, is looked whether a question that was given up is gone. */
const GONE = { everyMs: 250, times: 280 };

/**
 * Asks a question in SQL of one project's spans and scores. What ClickHouse is sent is written anew from what was
 * understood, so nothing of the question's own text reaches it but names, numbers and escaped strings. Rejects with
 * `invalid_sql`, or `store_limit` when it takes more than 5 seconds or 600 MB. One that is given up by its signal rejects when
 * ClickHouse has stopped working on it, so that whoever counts questions counts those that work.
 */
export function askSql(clickhouse: Clickhouse, wait: (ms: number) => Promise<unknown> = setTimeout) {
  return async (projectId: string, question: Question): Promise<Omit<SqlAnswer, 'duration_ms'>> => {
    const { rowsMax, id, signal } = question;
    try {
      const written = writeMarkedQuery(parseQuery(question.sql));
      // One row more than asked for tells whether there are more.
      const asked = { rowsMax: rowsMax + 1, id, signal };
      const { names, types, rows } = await clickhouse.table(written, { project_id: projectId }, asked);
      return {
        columns: names.map((name, at) => ({ name, type: types[at] ?? '' })),
        rows: rows.slice(0, rowsMax) as SqlAnswer['rows'],
        is_cut: rows.length > rowsMax,
      };
    } catch (error) {
      if (signal?.aborted === true && id !== undefined) await untilGone(clickhouse, id, wait);
      throw faultOf(error, question.sql);
    }
  };
}

async function untilGone(
  clickhouse: Clickhouse,
  id: string,
  wait: (ms: number) => Promise<unknown>,
): Promise<void> {
  for (let times = 0; times < GONE.times; times += 1) {
    if (!(await isRunning(clickhouse, id).catch(() => false))) return;
    await wait(GONE.everyMs);
  }
}

/** The embedded engine cannot be told a query's id and has it as a comment instead. */
export async function isRunning(clickhouse: Clickhouse, id: string): Promise<boolean> {
  const sql = `SELECT count() AS running FROM system.processes
    WHERE query_id = {id:String} OR Settings['log_comment'] = {id:String} LIMIT 1`;
  const [found] = await clickhouse.rows<{ running: string | number }>(sql, { id });
  return Number(found?.running ?? 0) > 0;
}

function faultOf(error: unknown, sql: string): unknown {
  if (error instanceof SqlFault) {
    const before = sql.slice(0, error.at).split('\n');
    const place = `line ${before.length}, character ${(before.at(-1)?.length ?? 0) + 1}`;
    return new StoreError('invalid_sql', `${error.message} (${place})`);
  }
  if (!(error instanceof ClickHouseError)) return error;
  return new StoreError(
    'invalid_sql',
    sentences.get(error.type ?? '')?.(error.message) ?? unknown(error),
    error,
  );
}

/** ClickHouse's own sentences repeat the statement, which is ours; of them only the name in question is told. */
const nameIn = (message: string): string => /[`']([\w .]{1,64})[`']/.exec(message)?.[1] ?? 'of the question';

const sentences = new Map<string, (message: string) => string>([
  ['UNKNOWN_IDENTIFIER', (message) => `There is no column ${nameIn(message)} there.`],
  ['ILLEGAL_TYPE_OF_ARGUMENT', () => 'A function was given a value of a type that it does not take.'],
  ['NUMBER_OF_ARGUMENTS_DOESNT_MATCH', () => 'A function was given too many or too few values.'],
  ['NOT_AN_AGGREGATE', () => 'A column stands neither in GROUP BY nor in an aggregate function.'],
  ['ILLEGAL_AGGREGATION', () => 'An aggregate function stands where none can.'],
  ['TYPE_MISMATCH', () => 'Two values are compared that are of different kinds.'],
  ['NO_COMMON_TYPE', () => 'Two values are compared that are of different kinds.'],
  ['AMBIGUOUS_IDENTIFIER', (message) => `The column ${nameIn(message)} is in several tables: write which.`],
]);

const unknown = ({ type }: ClickHouseError): string =>
  `The question cannot be answered${type === undefined ? '' : `: ${type.toLowerCase().replaceAll('_', ' ')}`}.`;
