import { describe, expect, test } from 'vitest';
import { useClickhouse } from '../../../test/clickhouse-engine.ts';
import { segment, spanRow } from '../../../test/span-rows.ts';
import { createLoadSegment } from '../load-segment.ts';
import { listFinished } from './list-finished.ts';

describe('what is followed live', () => {
  const clickhouse = useClickhouse();

  test('ended lately, is the project’s own and fits the filter', async () => {
    const rows = [1, 2, 3].map((at) =>
      spanRow({
        ...{ project_id: 'live', span_id: `${at}`.repeat(16), model: `model-${at}` },
        kind: at === 3 ? 'step' : 'call',
      }),
    );
    const foreign = spanRow({ project_id: 'other', span_id: '9'.repeat(16), model: 'foreign' });
    await createLoadSegment(clickhouse.get())(segment('live', [...rows, foreign]));
    const endedMs = Date.parse('2026-05-01T10:00:00.812Z');
    const follow = (sinceMs: number, search: Parameters<ReturnType<typeof listFinished>>[1]['search'] = {}) =>
      listFinished(clickhouse.get())('live', { search, sinceMs, rowsMax: 10 });
    expect(await follow(endedMs - 1_000)).toHaveLength(2);
    expect(await follow(endedMs - 1_000, { of: 'spans' })).toHaveLength(3);
    expect(await follow(endedMs - 1_000, { filter: 'model:model-1' })).toMatchObject([{ model: 'model-1' }]);
    expect(await follow(endedMs + 1_000)).toEqual([]);
  });
});
