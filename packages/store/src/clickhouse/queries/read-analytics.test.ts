import { beforeAll, describe, expect, test } from 'vitest';
import { useClickhouse } from '../../../test/clickhouse-engine.ts';
import { numberedSpan, segment } from '../../../test/span-rows.ts';
import { createLoadSegment } from '../load-segment.ts';
import { readAnalytics } from './read-analytics.ts';

describe('the analytics of a project', () => {
  const clickhouse = useClickhouse();
  const project_id = 'analytics';
  const question = { fromMs: Date.UTC(2000, 0), toMs: Date.UTC(2100, 0), mode: 'live' } as const;
  const read = (id = project_id, changes = {}) =>
    readAnalytics(clickhouse.get())(id, { ...question, ...changes });

  beforeAll(async () => {
    const tokens = {
      input_fresh: 10,
      input_cache_read: 30,
      output_text: 5,
      output_image: 2,
      cost_nanos: 1_500,
    };
    await createLoadSegment(clickhouse.get())(
      segment('analytics', [
        numberedSpan(1, { project_id, model: 'one', ...tokens, duration_us: 1_000 }),
        numberedSpan(2, { project_id, model: 'two', ...tokens, duration_us: 3_000 }),
        numberedSpan(3, {
          project_id,
          model: '',
          outcome: 'failed',
          status: 404,
          input_fresh: null,
          input_cache_read: null,
          output_text: null,
          cost_nanos: 0,
          duration_us: 2_000,
        }),
        numberedSpan(4, { project_id, model: 'one', mode: 'test', ...tokens }),
        numberedSpan(5, { project_id, kind: 'attempt', model: 'one', ...tokens }),
        numberedSpan(6, { project_id: 'stranger', model: 'secret', ...tokens }),
      ]),
    );
  });

  test('adds up its own live calls, each once', async () => {
    expect(await read()).toEqual({
      calls: 3,
      failed: 1,
      tokens: 94,
      costNanos: 3_000,
      latencyMeanMs: 2,
      cacheReadRate: 0.75,
      callsByModel: { one: 1, two: 1 },
    });
  });

  test('is empty where nothing was called', async () => {
    const empty = {
      calls: 0,
      failed: 0,
      tokens: 0,
      costNanos: 0,
      latencyMeanMs: 0,
      cacheReadRate: 0,
      callsByModel: {},
    };
    expect(await read('nobody')).toEqual(empty);
    expect(await read(project_id, { toMs: question.fromMs })).toEqual(empty);
  });
});
