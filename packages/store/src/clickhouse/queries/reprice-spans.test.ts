import type { SpanRow } from '@app/tracing';
import { beforeAll, describe, expect, test } from 'vitest';
import { useClickhouse } from '../../../test/clickhouse-engine.ts';
import { segment, spanRow } from '../../../test/span-rows.ts';
import type { BilledCall, RepricedSpan, RepricingCursor } from '../../repricing.ts';
import { createLoadSegment } from '../load-segment.ts';
import { findTrace } from './find-trace.ts';
import { listBilledCalls } from './list-billed-calls.ts';
import { applyRepriced, stageRepriced } from './reprice-spans.ts';

const fromMs = Date.UTC(2026, 4, 1);
const toMs = Date.UTC(2026, 5, 1);
const hex = (value: number, length: number) => value.toString(16).padStart(length, '0');

/** A call with its attempts; ids from `index`, which also spreads them over hours. */
function callRows(projectId: string, index: number, changes: Partial<SpanRow> = {}): SpanRow[] {
  const at = new Date(fromMs + index * 1_700_000).toISOString();
  const shared = { project_id: projectId, trace_id: hex(1_000 - index, 32), started_at: at, ended_at: at };
  const call = spanRow({ ...shared, span_id: hex(index * 10 + 1, 16), ...changes });
  const attempts = [2, 3].map((place) =>
    spanRow({
      ...shared,
      kind: 'attempt',
      span_id: hex(index * 10 + place, 16),
      parent_span_id: call.span_id,
      mode: call.mode,
    }),
  );
  return [call, ...attempts];
}

describe('calls that are priced again', () => {
  const clickhouse = useClickhouse();
  const load = (token: string, rows: SpanRow[]) => createLoadSegment(clickhouse.get())(segment(token, rows));
  const readAll = async (projectId: string, limit: number): Promise<BilledCall[]> => {
    const all: BilledCall[] = [];
    let after: RepricingCursor | undefined;
    do {
      const { calls, next } = await listBilledCalls(clickhouse.get())(projectId, {
        fromMs,
        toMs,
        after,
        limit,
      });
      all.push(...calls);
      after = next;
    } while (after !== undefined);
    return all;
  };

  beforeAll(async () => {
    const rows = Array.from({ length: 23 }, (_, index) => callRows('many', index)).flat();
    await load('many', rows);
    await load('others', [
      ...callRows('many', 30, { mode: 'test', cost_label: 'sandbox', cost_nanos: 0 }),
      ...callRows('stranger', 1),
    ]);
  });

  test.each([1, 3, 7, 23, 100])('come once each with their attempts, %s at a time', async (limit) => {
    const all = await readAll('many', limit);
    expect(all.length).toBe(23);
    expect(new Set(all.map(({ call }) => call.spanId)).size).toBe(23);
    expect(all.every(({ attempts }) => attempts.length === 2)).toBe(true);
    expect(all.every(({ call, attempts }) => attempts.every((one) => one.parentSpanId === call.spanId))).toBe(
      true,
    );
  });

  test('come with all that their cost is made from', async () => {
    const [call, attempt] = callRows('facts', 1);
    if (call === undefined || attempt === undefined) throw new Error('no rows');
    const billed = {
      input_cache_read_audio: 7,
      service_tier: 'flex',
      geo: 'us',
      tool_uses: '{"webSearch":2}',
      sound_ms: 1_500,
      usage_estimated: true,
    };
    await load('facts', [call, { ...attempt, ...billed }]);
    const [read] = await readAll('facts', 10);
    expect(read?.attempts).toEqual([
      {
        traceId: attempt.trace_id,
        spanId: attempt.span_id,
        parentSpanId: call.span_id,
        provider: 'openai',
        model: 'gpt-5',
        startedNanos: `${BigInt(fromMs + 1_700_000) * 1_000_000n}`,
        version: 1,
        usage: { inputFresh: 12, inputCacheReadAudio: 7, outputText: 30 },
        billing: {
          serviceTier: 'flex',
          geo: 'us',
          toolUses: { webSearch: 2 },
          soundMs: 1_500,
          estimated: true,
        },
        cost: { nanos: 1_230_000, label: 'exact', priceVersion: '2026-04-01' },
      },
    ]);
  });

  test('change their cost and nothing else, once, whatever is repeated', async () => {
    const rows = callRows('apply', 4, {
      request: '{"model":"gpt-5"}',
      capture: 'full',
      input_preview: 'Hello',
    });
    await load('apply', rows);
    const before = await findTrace(clickhouse.get())('apply', rows[0]?.trace_id ?? '');
    const [read] = await readAll('apply', 10);
    const spans = [read?.call, read?.attempts[0]].flatMap((span): RepricedSpan[] =>
      span === undefined
        ? []
        : [
            {
              traceId: span.traceId,
              spanId: span.spanId,
              startedNanos: span.startedNanos,
              version: 50,
              before: span.cost,
              after: { nanos: 77, label: 'estimated', priceVersion: 'new' },
            },
          ],
    );
    expect(spans.length).toBe(2);
    const batch = { repricingId: 'rep_1', batch: 1 };
    for (const _ of [1, 2]) {
      await stageRepriced(clickhouse.get())('apply', { ...batch, spans });
      await applyRepriced(clickhouse.get())('apply', batch);
    }
    await applyRepriced(clickhouse.get())('apply', { ...batch, batch: 2 });
    await applyRepriced(clickhouse.get())('stranger', batch);
    const after = await findTrace(clickhouse.get())('apply', rows[0]?.trace_id ?? '');
    const cost = { nanos: 77, usd: '0.000000077' };
    const priced = { cost, cost_label: 'estimated' as const };
    expect(after).toEqual({
      ...before,
      summary: { ...before?.summary, ...priced },
      spans: before?.spans.map((span, place) =>
        place < 2 ? { ...span, ...priced, price_version: 'new' } : span,
      ),
    });
    const [again] = await readAll('apply', 10);
    expect(again?.call.version).toBe(50);
    const sql = `SELECT count() AS row_count FROM spans WHERE project_id = {project_id:String} LIMIT 1`;
    const [{ row_count } = { row_count: '' }] = await clickhouse
      .get()
      .rows<{ row_count: string }>(sql, { project_id: 'apply' });
    // Three spans, and a second version of two of them at most: merges may have removed the first.
    expect(Number(row_count)).toBeLessThanOrEqual(5);
  });

  test('that were loaded again after it keep their new cost', async () => {
    await load('apply again', callRows('apply', 4));
    const [read] = await readAll('apply', 10);
    expect(read?.call.cost).toEqual({ nanos: 77, label: 'estimated', priceVersion: 'new' });
  });
});
