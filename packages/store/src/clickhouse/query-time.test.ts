import { expect, test } from 'vitest';
import { useClickhouse } from '../../test/clickhouse-engine.ts';
import { ndjson, numberedSpan } from '../../test/span-rows.ts';
import { createLoadSegment } from './load-segment.ts';
import { findTrace } from './queries/find-trace.ts';
import { listTraces } from './queries/list-traces.ts';
import { readOverview } from './queries/read-overview.ts';

const clickhouse = useClickhouse();
/** `STORE_TEST_ROWS=300000` for figures worth noting; the default keeps the suite short. */
const rowCount = Number(process.env.STORE_TEST_ROWS ?? 30_000);
const batch = 10_000;
const words = ['weather', 'invoice', 'translate', 'summary', 'code', 'Zürich', 'contract', 'birthday'];

/** A call every ten seconds for a month, with a preview of some words and a rare one once in 10,000. */
function call(index: number) {
  const preview = Array.from({ length: 24 }, (_, place) => words[(index * (place + 3)) % words.length]).join(
    ' ',
  );
  return numberedSpan(index * 10, {
    model: `model-${index % 12}`,
    outcome: index % 50 === 0 ? 'failed' : 'ok',
    duration_us: 1000 * (index % 3000),
    input_preview: index % 10_000 === 7 ? `${preview} needle` : preview,
    output_preview: preview,
  });
}

test('questions about many calls are answered, and their times printed', async () => {
  const projectId = numberedSpan(0).project_id;
  const load = createLoadSegment(clickhouse.get());
  const loadedMs = await timed(async () => {
    for (let from = 0; from < rowCount; from += batch) {
      const spans = Array.from({ length: batch }, (_, index) => call(from + index));
      const traceIndex = spans.map(({ project_id, trace_id, started_at, ended_at }) => ({
        project_id,
        trace_id,
        first_at: started_at,
        last_at: ended_at,
      }));
      const empty = Buffer.alloc(0);
      await load({
        token: `batch-${from}`,
        spans: ndjson(spans),
        contents: empty,
        traceIndex: ndjson(traceIndex),
      });
    }
  });
  const nowMs = Date.UTC(2026, 4, 1) + rowCount * 10_000;
  const list = listTraces(clickhouse.get());
  const overview = readOverview(clickhouse.get());
  const first = await list(projectId, { limit: 50 });
  const questions: Record<string, () => Promise<unknown>> = {
    'newest page': () => list(projectId, { limit: 50 }),
    'next page': () => list(projectId, { limit: 50, cursor: first.next_cursor ?? '' }),
    'page of errors': () => list(projectId, { limit: 50, status: 'error' }),
    'search, rare': () => list(projectId, { limit: 50, search: 'Needle' }),
    'search, common': () => list(projectId, { limit: 50, search: 'weather' }),
    'search, absent': () => list(projectId, { limit: 50, search: 'unheard of' }),
    'a trace': () => findTrace(clickhouse.get())(projectId, call(12_345).trace_id),
    'overview, 24h': () => overview(projectId, { range: '24h', nowMs }),
    'overview, 30d': () => overview(projectId, { range: '30d', nowMs }),
  };
  const lines = [`${rowCount} rows loaded in ${loadedMs} ms`];
  for (const [name, ask] of Object.entries(questions)) {
    await ask();
    lines.push(`${name}: ${await timed(ask)} ms`);
  }
  process.stdout.write(`\nClickHouse: ${lines.join('; ')}\n`);
  expect((await list(projectId, { limit: 50, search: 'needle' })).data).toHaveLength(rowCount / 10_000);
  expect((await overview(projectId, { range: '30d', nowMs })).traces.now).toBeGreaterThan(0);
}, 240_000);

async function timed(run: () => Promise<unknown>): Promise<number> {
  const begunMs = performance.now();
  await run();
  return Math.round(performance.now() - begunMs);
}
