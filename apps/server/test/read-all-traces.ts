import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { IngestStatus, Trace, TraceList } from '@app/contract';
import type { AcknowledgedCall } from './open-call-load.ts';
import { eventually, type Place } from './start-process.ts';

type TraceSummary = TraceList['data'][number];
type Access = { url: string; key: string };

/** A management answer. Throws with its text when it is not 200. */
async function readApi<Answer>({ url, key }: Access, path: string): Promise<Answer> {
  const reply = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
  return (await reply.json()) as Answer;
}

/** Waits until the trace store has everything that was recorded. */
export function untilLoaded(access: Access, withinMs = 60_000): Promise<IngestStatus> {
  return eventually(async () => {
    const status = await readApi<IngestStatus>(access, '/api/v1/projects/default/ingest-status').catch(
      () => undefined,
    );
    return status?.waiting_bytes === 0 ? status : undefined;
  }, withinMs);
}

/** Every trace there is, page by page, once the trace store answers. */
export async function readAllTraces(access: Access): Promise<TraceSummary[]> {
  const all: TraceSummary[] = [];
  let cursor = '';
  do {
    const path = `/api/v1/projects/default/traces?limit=200${cursor}`;
    const page = await eventually(() => readApi<TraceList>(access, path).catch(() => undefined));
    all.push(...page.data);
    cursor = page.next_cursor === null ? 'end' : `&cursor=${page.next_cursor}`;
  } while (cursor !== 'end');
  return all;
}

export const readTrace = (access: Access, traceId: string): Promise<Trace> =>
  readApi<Trace>(access, `/api/v1/traces/${traceId}`);

/** The trace of one call, as soon as it can be read. */
export async function findTraceOfCall(access: Access, requestId: string, withinMs = 30_000): Promise<Trace> {
  const path = `/api/v1/projects/default/traces?search=${requestId}`;
  const summary = await eventually(async () => {
    const list = await readApi<TraceList>(access, path).catch(() => undefined);
    return list?.data[0];
  }, withinMs);
  return readTrace(access, summary.trace_id);
}

/** What is wrong with the traces of these calls: each must be there once, with its status. */
export function compareTraces(
  calls: readonly AcknowledgedCall[],
  traces: readonly TraceSummary[],
): { missing: AcknowledgedCall[]; repeated: string[]; different: AcknowledgedCall[] } {
  const found = new Map<string, TraceSummary[]>();
  for (const trace of traces) {
    const same = found.get(trace.request_id);
    if (same === undefined) found.set(trace.request_id, [trace]);
    else same.push(trace);
  }
  return {
    missing: calls.filter(({ requestId }) => !found.has(requestId)),
    repeated: [...found].filter(([, same]) => same.length > 1).map(([requestId]) => requestId),
    different: calls.filter(({ requestId, status }) => {
      const [trace] = found.get(requestId) ?? [];
      return trace !== undefined && trace.status !== status;
    }),
  };
}

/** Asks the embedded trace store itself, past everything that would hide a row. Resolves to one row of numbers. */
export function countRows({ dataDir }: Place, sql: string): Promise<number[]> {
  const run: { clickhouseSocketPath: string } = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8'));
  const { promise, resolve, reject } = Promise.withResolvers<number[]>();
  const sent = request({ socketPath: run.clickhouseSocketPath, method: 'POST', path: '/' }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    response.on('end', () => {
      if (response.statusCode === 200) resolve(text.trim().split('\t').map(Number));
      else reject(new Error(text));
    });
  });
  sent.on('error', reject);
  sent.end(`${sql} FORMAT TabSeparated`);
  return promise;
}
