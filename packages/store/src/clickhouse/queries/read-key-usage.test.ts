import { KeyUsageList, KeyUsageRange } from '@app/contract';
import { beforeAll, describe, expect, test } from 'vitest';
import { useClickhouse } from '../../../test/clickhouse-engine.ts';
import { numberedSpan, segment } from '../../../test/span-rows.ts';
import { createLoadSegment } from '../load-segment.ts';
import { readKeyUsage } from './read-key-usage.ts';

const nowMs = Date.UTC(2026, 4, 20, 12, 30);
const hourMs = 3_600_000;
const ago = (hours: number) => new Date(nowMs - hours * hourMs).toISOString();

describe('the usage of keys', () => {
  const clickhouse = useClickhouse();
  const read = async (keyIds: string[], range: KeyUsageRange = '24h', projectId = 'p') => {
    const list = await readKeyUsage(clickhouse.get())(projectId, { keyIds, range, nowMs });
    return KeyUsageList.strict().parse(list);
  };

  beforeAll(async () => {
    const call = (
      index: number,
      key_id: string,
      { hours, ...changes }: { hours: number; [column: string]: unknown },
    ) =>
      numberedSpan(index, {
        project_id: 'p',
        key_id,
        started_at: ago(hours),
        input_fresh: 10,
        input_cache_read: 5,
        output_text: 3,
        output_thinking: 2,
        cost_nanos: 1_500,
        ...changes,
      });
    await createLoadSegment(clickhouse.get())(
      segment('key-usage', [
        call(1, 'key_a', { hours: 0.1 }),
        call(2, 'key_a', {
          hours: 0.2,
          outcome: 'failed',
          cost_nanos: 0,
          input_fresh: null,
          output_text: null,
        }),
        call(3, 'key_a', { hours: 5 }),
        call(4, 'key_a', { hours: 50 }),
        call(5, 'key_a', { hours: 24 * 29 }),
        call(6, 'key_a', { hours: 24 * 40 }),
        call(7, 'key_b', { hours: 1 }),
        call(8, 'key_a', { hours: 1, kind: 'attempt' }),
        call(9, 'key_a', { hours: 1, project_id: 'stranger' }),
        call(10, 'key_a', { hours: -1 }),
      ]),
    );
    // A span that came twice, the second time with what it cost, is one call.
    await createLoadSegment(clickhouse.get())(
      segment('key-usage-again', [call(3, 'key_a', { hours: 5, version: 2, cost_nanos: 2_500 })]),
    );
  });

  test('adds up the calls of the range, by bucket and in all, each call once', async () => {
    const { data, times, from, to } = await read(['key_a']);
    expect([times.length, to]).toEqual([24, new Date(nowMs).toISOString()]);
    expect(from).toBe('2026-05-19T13:00:00.000Z');
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({
      key_id: 'key_a',
      requests: 3,
      errors: 1,
      input_tokens: 35,
      output_tokens: 12,
      cost: { nanos: 4_000, usd: '0.000004' },
      last_call_at: ago(0.1),
    });
    const requests = data[0]?.series.requests ?? [];
    expect(requests).toHaveLength(24);
    expect(requests.slice(-1)).toEqual([2]);
    expect(requests.at(-6)).toBe(1);
    for (const [name, total] of [
      ['errors', 1],
      ['tokens', 47],
      ['cost_nanos', 4_000],
    ] as const) {
      expect(data[0]?.series[name].reduce((sum, value) => sum + value, 0)).toBe(total);
    }
  });

  test('reaches as far back as the range', async () => {
    expect((await read(['key_a'], '7d')).data[0]?.requests).toBe(4);
    expect((await read(['key_a'], '30d')).data[0]?.requests).toBe(5);
    for (const range of KeyUsageRange.options) {
      const { times, data } = await read(['key_a'], range);
      for (const series of Object.values(data[0]?.series ?? {})) expect(series).toHaveLength(times.length);
    }
  });

  test('of several keys comes in the order asked for; a key without calls and one of another project have none', async () => {
    const { data } = await read(['key_b', 'key_none', 'key_a', 'key_b']);
    expect(data.map(({ key_id, requests }) => [key_id, requests])).toEqual([
      ['key_b', 1],
      ['key_none', 0],
      ['key_a', 3],
    ]);
    expect(data[1]).toMatchObject({ last_call_at: null, cost: { nanos: 0 }, errors: 0 });
    expect((await read(['key_b'], '24h', 'stranger')).data[0]?.requests).toBe(0);
    expect((await read([])).data).toEqual([]);
  });

  test.each(["' OR 1=1 --", '\\', '{key_ids:String}', "x') UNION ALL SELECT 1 --", '%'])(
    'of the key %j is that of no key',
    async (id) => {
      expect((await read([id])).data[0]?.requests).toBe(0);
    },
  );
});
