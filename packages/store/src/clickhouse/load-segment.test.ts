import { describe, expect, test } from 'vitest';
import { useClickhouse } from '../../test/clickhouse-engine.ts';
import { segment, spanRow } from '../../test/span-rows.ts';
import { createLoadSegment } from './load-segment.ts';
import { findTrace } from './queries/find-trace.ts';
import { listTraces } from './queries/list-traces.ts';

const tables = ['spans', 'trace_index', 'contents'] as const;
const digest = 'd'.repeat(43);

describe('a segment', () => {
  const clickhouse = useClickhouse();
  const load = (...given: Parameters<typeof segment>) =>
    createLoadSegment(clickhouse.get())(segment(...given));
  const countRows = async (table: (typeof tables)[number], projectId: string) => {
    const sql = `SELECT count() AS row_count FROM ${table} WHERE project_id = {project_id:String} LIMIT 1`;
    const [row] = await clickhouse.get().rows<{ row_count: string }>(sql, { project_id: projectId });
    return Number(row?.row_count);
  };

  test('that is loaded twice with the same token is stored once in every table', async () => {
    const rows = [spanRow({ project_id: 'twice' })];
    const contents = [
      { project_id: 'twice', digest, content: '"hello"', stored_at: '2026-05-01T10:00:00.000Z' },
    ];
    await load('segment-1', rows, contents);
    await load('segment-1', rows, contents);
    expect(await Promise.all(tables.map((table) => countRows(table, 'twice')))).toEqual([1, 1, 1]);
  });

  // A merge may remove a row that was stored twice, so what decides is shown by rows that differ.
  test('is known by its token: other rows under a used one stay out, under a new one they are stored', async () => {
    const first = [spanRow({ project_id: 'token', span_id: '1'.repeat(16) })];
    const second = [spanRow({ project_id: 'token', span_id: '2'.repeat(16), trace_id: '2'.repeat(32) })];
    await load('segment-2', first);
    await load('segment-2', second);
    const count = () => Promise.all([countRows('spans', 'token'), countRows('trace_index', 'token')]);
    expect(await count()).toEqual([1, 1]);
    await load('segment-3', second);
    expect(await count()).toEqual([2, 2]);
  });

  test('that failed after its contents is completed by the next try', async () => {
    const rows = [spanRow({ project_id: 'halfway' })];
    const whole = segment('segment-4', rows);
    await createLoadSegment(clickhouse.get())({ ...whole, spans: Buffer.alloc(0) });
    expect(await listTraces(clickhouse.get())('halfway', { limit: 10 })).toMatchObject({ data: [] });
    await createLoadSegment(clickhouse.get())(whole);
    expect(await Promise.all([countRows('spans', 'halfway'), countRows('trace_index', 'halfway')])).toEqual([
      1, 1,
    ]);
  });

  test('over two months is stored once although ClickHouse cuts it into two parts', async () => {
    const rows = ['2026-04-30T23:59:59.000000000Z', '2026-05-01T00:00:01.000000000Z'].map((at, index) =>
      spanRow({ project_id: 'months', span_id: `${index}`.repeat(16), started_at: at, ended_at: at }),
    );
    await load('segment-5', rows);
    await load('segment-5', rows);
    expect(await countRows('spans', 'months')).toBe(2);
  });

  test('with fewer contents on the second try still stores those it has', async () => {
    const row = (name: string) => ({
      project_id: 'fewer',
      digest: name.repeat(43),
      content: `"${name}"`,
      stored_at: '2026-05-01T10:00:00.000Z',
    });
    await load('segment-6', [], [row('a')]);
    await load('segment-6', [], [row('b')]);
    expect(await countRows('contents', 'fewer')).toBe(2);
  });

  test('keeps nanoseconds, zero characters, quotes and every script', async () => {
    const text = 'tab\t quote" back\\slash \u0000 zero, Ünïcødé 漢字 🦊';
    await load('segment-7', [
      spanRow({
        project_id: 'exact',
        started_at: '2026-05-01T10:00:00.123456789Z',
        ended_at: '2026-05-01T10:00:01.000000001Z',
        error_message: text,
        user_id: text,
      }),
    ]);
    const trace = await findTrace(clickhouse.get())('exact', spanRow().trace_id);
    expect(trace?.summary.started_at).toBe('2026-05-01T10:00:00.123456789Z');
    expect(trace?.summary.user_id).toBe(text);
    expect(trace?.spans[0]?.error_message).toBe(text);
  });

  test('that is not NDJSON of our columns is refused as a whole', async () => {
    const bad = {
      ...segment('segment-8', []),
      spans: Buffer.from('{"project_id": "bad", "status": "no number"}\n'),
    };
    await expect(createLoadSegment(clickhouse.get())(bad)).rejects.toThrow();
    expect(await countRows('spans', 'bad')).toBe(0);
  });
});
