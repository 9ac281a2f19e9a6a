import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { EngineError, readEngineError, statusOf, writeEngineError } from './engine-error.ts';
import { openReply } from './open-reply.ts';
import type { SessionPool } from './open-session-pool.ts';
import { type InsertTarget, planInsert, planQuery, readInsertTarget } from './plan-query.ts';
import { openBody, readRowPieces, readText } from './read-body.ts';
import { type BridgeRequest, readRequest } from './read-request.ts';
import type { JobSummary, SessionJob } from './session-job.ts';

export interface BridgeLimits {
  sqlBytesMax: number;
  insertBytesMax: number;
  insertPieceBytesMax: number;
  /** Requests in work at once, waiting ones and half-read bodies included. */
  requestsMax: number;
}

/** Answers requests of ClickHouse's HTTP interface with the engine's sessions. */
export function createBridge(
  pool: SessionPool,
  limits: BridgeLimits,
): (request: IncomingMessage, response: ServerResponse) => void {
  const marks = new Set<string>();
  return (request, response) => {
    response.on('error', () => response.destroy());
    request.on('error', () => undefined);
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/ping' || (url.pathname === '/' && request.method === 'GET' && !url.search)) {
      response.end('Ok.\n');
    } else if (url.pathname === '/health') {
      pool.check().then(
        () => response.end('Ok.\n'),
        (error: unknown) => fail(response, readEngineError(error)),
      );
    } else if (url.pathname !== '/') {
      fail(response, new EngineError(47, 'UNKNOWN_IDENTIFIER', 'There is nothing at this path.'));
    } else {
      void answer({ request, response, url, pool, limits, marks });
    }
  };
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  pool: SessionPool;
  limits: BridgeLimits;
  /** Marks of the queries in work. */
  marks: Set<string>;
}

async function answer(exchange: Exchange): Promise<void> {
  const { url, request, response, marks, limits } = exchange;
  let read: BridgeRequest;
  try {
    if (marks.size >= limits.requestsMax) {
      throw new EngineError(
        202,
        'TOO_MANY_SIMULTANEOUS_QUERIES',
        `Too many simultaneous queries: ${limits.requestsMax} are in work.`,
      );
    }
    read = readRequest(url, request.headers);
    if (read.queryId !== undefined && marks.has(read.queryId)) {
      throw new EngineError(
        216,
        'QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING',
        'A query with this id is already running.',
      );
    }
  } catch (error) {
    return fail(response, readEngineError(error));
  }
  const mark = read.queryId ?? randomUUID();
  const left = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) left.abort();
  });
  const reply = openReply(response, { queryId: mark, format: read.defaultFormat, wantsGzip: read.wantsGzip });
  marks.add(mark);
  const run = (job: SessionJob) => exchange.pool.run({ mark, job, write: reply.write, signal: left.signal });
  try {
    reply.end(await serve(exchange, { read, mark, run }));
  } catch (error) {
    if (!response.destroyed) reply.fail(readEngineError(error));
  } finally {
    marks.delete(mark);
  }
}

interface Work {
  read: BridgeRequest;
  mark: string;
  run(job: SessionJob): Promise<JobSummary>;
}

/** With the statement in the address the body holds rows; without it, the body is the statement. */
async function serve(exchange: Exchange, work: Work): Promise<JobSummary | undefined> {
  const { request, limits } = exchange;
  const body = openBody(request);
  const { query } = work.read;
  if (/^\s*INSERT\b/i.test(query)) {
    const summary = await insertRows(body, work, limits);
    if (summary || /\bFORMAT\s+\w+\s*$/i.test(query)) return summary;
  }
  const job = planQuery(
    query === '' ? await readText(body, limits.sqlBytesMax) : query,
    work.read,
    work.mark,
  );
  return job && work.run(job);
}

/** Inserts the body piece by piece; undefined when it is empty. */
async function insertRows(body: Readable, work: Work, limits: BridgeLimits): Promise<JobSummary | undefined> {
  const isCut = /\bFORMAT\s+(?:JSONEachRow|JSONCompactEachRow|TSV|TabSeparated)\s*$/i.test(work.read.query);
  const { insertBytesMax: bytesMax, insertPieceBytesMax: pieceBytesMax } = limits;
  let target: InsertTarget | undefined;
  let total: JobSummary | undefined;
  let piece = 0;
  for await (const values of readRowPieces(body, { pieceBytesMax, bytesMax, isCut })) {
    target ??= readInsertTarget(work.read.query, work.read);
    const done = await work.run(planInsert(target, { request: work.read, mark: work.mark, values, piece }));
    total = total ? add(total, done) : done;
    piece += 1;
  }
  return total;
}

const add = (a: JobSummary, b: JobSummary): JobSummary => ({
  readRows: a.readRows + b.readRows,
  readBytes: a.readBytes + b.readBytes,
  writtenRows: a.writtenRows + b.writtenRows,
  writtenBytes: a.writtenBytes + b.writtenBytes,
});

function fail(response: ServerResponse, error: EngineError): void {
  response.setHeader('X-ClickHouse-Exception-Code', String(error.code));
  response.writeHead(statusOf(error.code), { 'Content-Type': 'text/plain; charset=UTF-8' });
  response.end(`${writeEngineError(error)}\n`);
}
