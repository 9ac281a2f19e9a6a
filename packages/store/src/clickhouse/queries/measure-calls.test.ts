import { beforeAll, describe, expect, test } from 'vitest';
import { useClickhouse } from '../../../test/clickhouse-engine.ts';
import { numberedSpan, segment } from '../../../test/span-rows.ts';
import { createLoadSegment } from '../load-segment.ts';
import { type MeasureQuestion, measureCalls } from './measure-calls.ts';
import { readHours } from './read-hours.ts';

const nowMs = Date.UTC(2026, 4, 20, 12, 30);
const minuteMs = 60_000;
const at = (minutesAgo: number) => new Date(nowMs - minutesAgo * minuteMs).toISOString();

describe('what rules and anomalies are told of calls', () => {
  const clickhouse = useClickhouse();
  const measure = (changes: Partial<MeasureQuestion> = {}) =>
    measureCalls(clickhouse.get())({
      projectIds: ['p'],
      kinds: ['all'],
      isWhole: false,
      scope: {},
      order: 'calls',
      fromMs: nowMs - 60 * minuteMs,
      toMs: nowMs,
      subjectsMax: 1_000,
      ...changes,
    });

  beforeAll(async () => {
    const call = (
      index: number,
      { ago, took = 0, ...changes }: { ago: number; took?: number; [column: string]: unknown },
    ) =>
      numberedSpan(index, {
        project_id: 'p',
        key_id: 'key_a',
        user_id: 'ann',
        model: 'small',
        input_fresh: 10,
        output_text: 5,
        cost_nanos: 1_000_000,
        duration_us: 100_000,
        ttft_us: null,
        ...changes,
        started_at: at(ago + took),
        ended_at: at(ago),
      });
    await createLoadSegment(clickhouse.get())(
      segment('measured', [
        call(1, { ago: 1 }),
        call(2, { ago: 2, user_id: 'bob', outcome: 'failed', status: 502 }),
        call(3, {
          ago: 3,
          user_id: '',
          key_id: 'key_b',
          provider: '',
          status: 429,
          outcome: 'failed',
          cost_nanos: 0,
        }),
        call(4, { ago: 4, model: 'large', cost_nanos: 9_000_000, ttft_us: 40_000, duration_us: 2_000_000 }),
        // A provider's own 429 is a failure and no refusal of ours.
        call(5, { ago: 5, status: 429, outcome: 'failed' }),
        call(6, { ago: 5, took: 50 }),
        call(7, { ago: 61 }),
        call(8, { ago: 0 }),
        call(9, { ago: 2, mode: 'test' }),
        call(10, { ago: 2, kind: 'attempt' }),
        call(11, { ago: 2, project_id: 'other', cost_nanos: 5 }),
        call(12, { ago: 60 * 24 * 7 + 10 }),
        call(13, { ago: 60 * 24 * 7 + 70 }),
      ]),
    );
  });

  test('calls count in the range in which they ended, however long they took, and only those of live keys', async () => {
    const [all, ...more] = await measure();
    expect(more).toEqual([]);
    expect(all).toMatchObject({
      projectId: 'p',
      kind: 'all',
      subject: '',
      calls: 6,
      failed: 3,
      refused: 1,
      tokens: 90,
      nanos: 13_000_000,
      ttft95Ms: 40,
    });
    expect(all?.p50Ms).toBeCloseTo(100, 0);
    const [before] = await measure({ fromMs: nowMs - 120 * minuteMs, toMs: nowMs - 60 * minuteMs });
    expect(before?.calls).toBe(1);
  });

  test('each key, user and model is counted by itself, in the order asked for, and those that do not fit are counted', async () => {
    const rows = await measure({ kinds: ['key', 'user', 'model'], order: 'nanos', subjectsMax: 1 });
    expect(rows.map(({ kind, subject, subjects, calls }) => [kind, subject, subjects, calls])).toEqual([
      ['key', 'key_a', 2, 5],
      ['model', 'large', 2, 1],
      ['user', 'ann', 2, 4],
    ]);
  });

  test('of subjects that are named, only these are counted', async () => {
    const subjects = ['user:bob', 'key:key_b', 'model:none', 'user:'];
    const rows = await measure({ kinds: ['key', 'user', 'model'], subjects });
    expect(rows.map(({ kind, subject, calls }) => [kind, subject, calls])).toEqual([
      ['key', 'key_b', 1],
      ['user', 'bob', 1],
    ]);
  });

  test('a scope holds for everything that is counted, and projects are counted apart and together', async () => {
    expect((await measure({ scope: { user: 'bob' } }))[0]).toMatchObject({ calls: 1, failed: 1 });
    expect(await measure({ scope: { user: 'bob', model: 'large' } })).toEqual([]);
    const rows = await measure({ projectIds: ['p', 'other'], isWhole: true });
    expect(rows.map(({ projectId, calls }) => [projectId, calls])).toEqual([
      ['', 7],
      ['other', 1],
      ['p', 6],
    ]);
  });

  test.each(["' OR 1=1 --", '\\', '{user:String}', 'x\u001fy', '<b>'])(
    'the user %j is nobody',
    async (user) => {
      expect(await measure({ scope: { user } })).toEqual([]);
      const subjects = [`user:${user}`];
      const asked = { toMs: nowMs, hoursBefore: [0], subjects, subjectsMax: 10 };
      expect(await readHours(clickhouse.get())('p', asked)).toEqual([]);
    },
  );

  test('hours end where the question ends, those asked for alone, by subject', async () => {
    const asked = { toMs: nowMs, hoursBefore: [0, 168, 169], subjectsMax: 20 };
    const rows = await readHours(clickhouse.get())('p', asked);
    const own = rows.filter(({ kind }) => kind === 'project');
    expect(own.map(({ hourBefore, calls, failed, nanos }) => [hourBefore, calls, failed, nanos])).toEqual([
      [0, 6, 3, 13_000_000],
      [168, 1, 0, 1_000_000],
      [169, 1, 0, 1_000_000],
    ]);
    const named = { ...asked, subjects: ['user:bob', 'model:large', 'key:key_none'] };
    const some = await readHours(clickhouse.get())('p', named);
    expect(some.map(({ kind, subject, calls }) => [kind, subject, calls])).toEqual([
      ['model', 'large', 1],
      ['user', 'bob', 1],
    ]);
    expect(await readHours(clickhouse.get())('stranger', asked)).toEqual([]);
  });
});
