import { Overview } from '@app/contract';
import type { SpanRow } from '@app/tracing';
import { beforeAll, describe, expect, test } from 'vitest';
import { useClickhouse } from '../../../test/clickhouse-engine.ts';
import { segment, spanRow } from '../../../test/span-rows.ts';
import { createLoadSegment } from '../load-segment.ts';
import { readOverview } from './read-overview.ts';

const nowMs = Date.UTC(2026, 4, 20, 10, 30, 15);

describe('the overview', () => {
  const clickhouse = useClickhouse();
  let count = 0;
  const callAt = (secondsAgo: number, changes: Partial<SpanRow>): SpanRow => {
    const at = new Date(nowMs - secondsAgo * 1000).toISOString();
    count += 1;
    return spanRow({
      span_id: count.toString(16).padStart(16, '0'),
      started_at: at,
      ended_at: at,
      ...changes,
    });
  };
  const load = (token: string, spans: readonly SpanRow[]) =>
    createLoadSegment(clickhouse.get())(segment(token, spans));
  const read = (projectId: string, question: Partial<Parameters<ReturnType<typeof readOverview>>[1]> = {}) =>
    readOverview(clickhouse.get())(projectId, { range: '1h', nowMs, ...question });

  beforeAll(async () => {
    const project_id = 'figures';
    await load('figures', [
      callAt(10, { project_id, cost_nanos: 2_000_000_000, duration_us: 1_000_000 }),
      callAt(70, { project_id, cost_nanos: 500_000_000, duration_us: 2_000_000, outcome: 'failed' }),
      callAt(75, { project_id, cost_nanos: 250_000_000, duration_us: 2_000_000, outcome: 'cancelled' }),
      callAt(80, { project_id, model: 'sandbox', cost_nanos: 0, mode: 'test', environment: 'staging' }),
      callAt(80, { project_id, kind: 'attempt', cost_nanos: 9_000_000_000 }),
      callAt(80, { project_id, kind: 'seen', source: 'sdk', cost_nanos: 9_000_000_000 }),
      callAt(80, { project_id, kind: 'step', source: 'otlp', cost_nanos: 9_000_000_000 }),
      callAt(3700, { project_id, cost_nanos: 1_000_000_000, duration_us: 4_000_000 }),
      callAt(8000, { project_id, cost_nanos: 7_000_000_000 }),
      callAt(-60, { project_id, cost_nanos: 7_000_000_000 }),
      callAt(10, { project_id: 'stranger', cost_nanos: 7_000_000_000 }),
    ]);
  });

  test('of an hour counts its calls, and compares them with the hour before', async () => {
    const overview = Overview.strict().parse(await read('figures'));
    expect(overview).toMatchObject({
      from: '2026-05-20T09:31:00.000Z',
      to: '2026-05-20T10:30:15.000Z',
      spend: { now: { nanos: 2_750_000_000, usd: '2.75' }, before: { nanos: 1_000_000_000, usd: '1' } },
      traces: { now: 4, before: 1 },
      error_rate: { now: 0.25, before: 0 },
      latency_p99_ms: { before: 4000 },
    });
    expect(overview.latency_p99_ms.now).toBeCloseTo(2000, -1);
  });

  test('has a bucket for every minute of the hour, with zeros where nothing was spent', async () => {
    const { spend_by_model } = await read('figures');
    expect(spend_by_model.times).toHaveLength(60);
    expect(spend_by_model.times.at(-1)).toBe(Date.UTC(2026, 4, 20, 10, 30) / 1000);
    expect(spend_by_model.series.map((series) => [series.model, series.total.usd])).toEqual([
      ['gpt-5', '2.75'],
      ['sandbox', '0'],
    ]);
    const [spent] = spend_by_model.series;
    expect(spent?.usd).toHaveLength(60);
    expect(spent?.usd.slice(-3)).toEqual([0, 0.75, 2]);
  });

  test('looks at one mode or one environment when asked to', async () => {
    expect((await read('figures', { mode: 'test' })).traces.now).toBe(1);
    expect((await read('figures', { environment: 'staging' })).traces.now).toBe(1);
    expect((await read('figures', { environment: "' OR 1=1 --" })).traces.now).toBe(0);
  });

  test.each([
    ['1h', 60, 60],
    ['24h', 48, 1800],
    ['7d', 56, 10_800],
    ['30d', 60, 43_200],
  ] as const)('of %s has %i buckets of %i seconds that end now', async (range, buckets, seconds) => {
    const { times } = (await read('figures', { range })).spend_by_model;
    expect(times).toHaveLength(buckets);
    expect(times.slice(1).every((time, index) => time - (times[index] ?? 0) === seconds)).toBe(true);
    expect(nowMs / 1000 - (times.at(-1) ?? 0)).toBeLessThan(seconds);
  });

  test('of a project without a call is all zeros with nothing to compare', async () => {
    const overview = Overview.parse(await read('nobody'));
    expect(overview).toMatchObject({
      spend: { now: { nanos: 0, usd: '0' }, before: null },
      traces: { now: 0, before: null },
      error_rate: { now: 0, before: null },
      latency_p99_ms: { now: 0, before: null },
    });
    expect(overview.spend_by_model.series).toEqual([]);
  });

  test('shows the eight models that cost most, and the rest together, to the nano-dollar', async () => {
    const project_id = 'many';
    const spans = Array.from({ length: 11 }, (_, index) =>
      callAt(30 * index, { project_id, model: `model-${index}`, cost_nanos: 1_000_000_001 + index }),
    );
    await load('many', spans);
    const { series } = (await read(project_id)).spend_by_model;
    expect(series.map((each) => each.model)).toEqual([
      ...[10, 9, 8, 7, 6, 5, 4, 3].map((index) => `model-${index}`),
      'other',
    ]);
    expect(series.at(-1)?.total).toEqual({ nanos: 3_000_000_006, usd: '3.000000006' });
  });

  test('counts a call once however many versions of it were stored', async () => {
    const project_id = 'versions';
    const call = callAt(10, { project_id, version: 1, cost_nanos: 5 });
    await load('versions-1', [call]);
    await load('versions-2', [{ ...call, version: 2, cost_nanos: 7 }]);
    expect(await read(project_id)).toMatchObject({ traces: { now: 1 }, spend: { now: { nanos: 7 } } });
  });
});
