import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TraceExport, TraceList, TraceSummary } from '@app/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTraceExports } from './create-trace-exports.ts';
import { exportColumns } from './export-columns.ts';
import { EXPORT_PAGE_ROWS } from './read-pages.ts';
import { csvHead, writeCsv } from './write-csv.ts';

const summary = (at: number, more: Partial<TraceSummary> = {}): TraceSummary => ({
  trace_id: String(at).padStart(32, '0'),
  span_id: String(at).padStart(16, '0'),
  request_id: `req_${at}`,
  name: 'chat',
  started_at: '2026-03-04T05:06:07.123456789Z',
  duration_ms: 12.5,
  ttft_ms: at % 2 === 0 ? null : at,
  status: 200,
  error_code: null,
  stream: at % 3 === 0,
  mode: 'live',
  environment: 'production',
  provider: 'openai',
  model: at % 2 === 0 ? null : 'gpt-5',
  model_asked: 'gpt-5',
  key_id: 'key_1',
  user_id: null,
  tags: ['a', 'b c'],
  limits: null,
  input_tokens: at,
  output_tokens: 2,
  cost: { nanos: 1_500_000_001, usd: '1.500000001' },
  cost_label: 'exact',
  input_preview: `Grüße ${at} 🎉`,
  output_preview: '',
  ...more,
});

/** Pages as the store answers them: `cursor` is where the next begins. */
function pagesOf(all: readonly TraceSummary[]) {
  const asked: (string | undefined)[] = [];
  const listTracesToExport = async (
    _id: string,
    search: { cursor?: string | undefined },
  ): Promise<TraceList> => {
    asked.push(search.cursor);
    const from = Number(search.cursor ?? 0);
    const to = from + EXPORT_PAGE_ROWS;
    return { data: all.slice(from, to), next_cursor: to < all.length ? String(to) : null };
  };
  return { asked, listTracesToExport };
}

const open = (all: readonly TraceSummary[], more: Partial<Parameters<typeof createTraceExports>[0]> = {}) =>
  createTraceExports({
    ...pagesOf(all),
    findDetails: async () => undefined,
    nowMs: () => Date.UTC(2026, 2, 4),
    ...more,
  });

const search = (more: Partial<TraceExport> = {}): TraceExport => ({
  format: 'ndjson',
  content: false,
  ...more,
});
const asked = (more: Partial<TraceExport> = {}) => ({
  projectId: 'p',
  search: search(more),
  stillMay: async () => undefined,
});

async function readAll(bytes: AsyncIterable<string | Uint8Array>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of bytes) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

test('a file has every row of every page, and the next page is asked for when the one before was taken', async () => {
  const all = Array.from({ length: EXPORT_PAGE_ROWS * 2 + 1 }, (_, at) => summary(at));
  const pages = pagesOf(all);
  const file = await open(all, pages).begin(asked());
  expect(pages.asked).toEqual([undefined]);
  expect(file).toMatchObject({
    name: 'calls-2026-03-04.ndjson',
    type: 'application/x-ndjson; charset=utf-8',
  });
  const lines = (await readAll(file.bytes)).toString().trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(all);
  expect(pages.asked).toEqual([undefined, '2000', '4000']);
});

test('a Parquet file is read by another program with every value, null and type', async () => {
  const all = Array.from({ length: 4_321 }, (_, at) => summary(at));
  const file = await open(all).begin(asked({ format: 'parquet' }));
  const folder = await mkdtemp(join(tmpdir(), 'parquet-'));
  try {
    const path = join(folder, 'traces.parquet');
    await writeFile(path, await readAll(file.bytes));
    const rows = await readParquet(path);
    expect(rows).toEqual([
      {
        ...{
          count: 4_321,
          ids: 4_321,
          tokens: (4_320 * 4_321) / 2,
          models: 2_160,
          ttfts: 2_160,
          streams: 1_441,
        },
        ...{ preview: 'Grüße 7 🎉', started: '2026-03-04 05:06:07.123456', cost: '1.500000001', users: 0 },
        ...{ costType: 'Decimal(18, 9)', columns: exportColumns.length },
      },
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** The engine runs in a process of its own, for it reads files that the servers never let it read. */
async function readParquet(path: string): Promise<unknown> {
  const sql = `SELECT toUInt32(count()) AS count, toUInt32(uniqExact(trace_id)) AS ids,
      toUInt32(sum(input_tokens)) AS tokens, toUInt32(countIf(model = 'gpt-5')) AS models,
      toUInt32(countIf(ttft_ms IS NOT NULL)) AS ttfts, toUInt32(countIf(stream)) AS streams,
      anyIf(input_preview, input_tokens = 7) AS preview, toString(any(started_at)) AS started,
      toString(any(cost_usd)) AS cost, toUInt32(countIf(user_id IS NOT NULL)) AS users,
      any(toTypeName(assumeNotNull(cost_usd))) AS costType,
      toUInt32((SELECT length(tupleNames(any(tuple(*)))) FROM file('${path}', Parquet))) AS columns
    FROM file('${path}', Parquet)`;
  const script = `import { query } from 'chdb'; process.stdout.write(String(query(process.argv[1], 'JSONEachRow')))`;
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script, sql]);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('an empty file is a file: a head of columns, or a Parquet file without rows', async () => {
  expect((await readAll((await open([]).begin(asked({ format: 'csv' }))).bytes)).toString()).toBe(csvHead);
  expect((await readAll((await open([]).begin(asked())).bytes)).length).toBe(0);
  const parquet = await readAll((await open([]).begin(asked({ format: 'parquet' }))).bytes);
  expect(parquet.subarray(0, 4).toString() + parquet.subarray(-4).toString()).toBe('PAR1PAR1');
});

test('no cell of a CSV file begins as a formula does, and every cell comes out as it went in', () => {
  const starts = fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ' =', '\u0000=', '＝', '"', ',', '');
  fc.assert(
    fc.property(starts, fc.string({ unit: 'binary', maxLength: 20 }), (start, rest) => {
      const value = start + rest;
      const written = writeCsv([summary(1, { name: value })]);
      const cell = readCsvCells(written)[4] ?? '';
      expect(cell === value || cell === `'${value}`).toBe(true);
      expect(cell).not.toMatch(/^[\s\p{Cc}]*[=+\-@＝＋－＠]/u);
    }),
    { seed: 3, numRuns: 150 },
  );
});

function readCsvCells(line: string): string[] {
  const cells = [...line.matchAll(/("(?:[^"]|"")*"|[^,"]*)(?:,|\r\n$)/gs)].map(([, cell = '']) => cell);
  return cells.map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}

test('content comes with each line where it is asked for, and only where it can be written', async () => {
  const findDetails = async (_project: string, traceId: string) =>
    ({ request: { of: traceId }, reply: 'said' }) as never;
  const exports = open([summary(1)], { findDetails });
  const file = await exports.begin(asked({ content: true }));
  expect(JSON.parse((await readAll(file.bytes)).toString())).toMatchObject({
    request: { of: summary(1).trace_id },
    reply: 'said',
  });
  for (const more of [{ format: 'csv' }, { format: 'parquet' }, { of: 'traces' }] as const)
    await expect(exports.begin(asked({ content: true, ...more }))).rejects.toMatchObject({
      code: 'invalid_parameter',
    });
});

test('few run at once, and a place is free again after an end, a failure, and a reader that left', async () => {
  const exports = open([summary(1)]);
  const begin = () => exports.begin(asked());
  const [first, second] = [await begin(), await begin()];
  await expect(begin()).rejects.toMatchObject({ code: 'concurrency_limit_exceeded' });
  await readAll(first.bytes);
  const third = await begin();
  // Left before the first byte.
  await second.bytes[Symbol.asyncIterator]().return?.();
  await begin();
  await third.bytes[Symbol.asyncIterator]().return?.();
  const failing = open([], {
    listTracesToExport: async () => {
      throw new Error('down');
    },
  });
  for (let time = 0; time < 5; time += 1) await expect(failing.begin(asked())).rejects.toThrow('down');
});

test('whoever may not ask any more gets no further page', async () => {
  let pages = 0;
  const stillMay = async () => {
    pages += 1;
    if (pages > 1) throw new Error('revoked');
  };
  const all = Array.from({ length: EXPORT_PAGE_ROWS + 1 }, (_, at) => summary(at));
  const file = await open(all).begin({ ...asked({ format: 'csv' }), stillMay });
  await expect(readAll(file.bytes)).rejects.toThrow('revoked');
});
