import { TraceList, type TraceSearch } from '@app/contract';
import type { SpanRow } from '@app/tracing';
import { beforeAll, describe, expect, test } from 'vitest';
import { useClickhouse } from '../../../test/clickhouse-engine.ts';
import { numberedSpan, segment } from '../../../test/span-rows.ts';
import { createLoadSegment } from '../load-segment.ts';
import { listTraces } from './list-traces.ts';

describe('the trace list', () => {
  const clickhouse = useClickhouse();
  const load = (token: string, spans: readonly SpanRow[]) =>
    createLoadSegment(clickhouse.get())(segment(token, spans));
  const list = (projectId: string, search: Partial<TraceSearch> = {}) =>
    listTraces(clickhouse.get())(projectId, { limit: 50, ...search });
  const found = async (search: Partial<TraceSearch>) =>
    (await list('filters', search)).data.map((call) => call.request_id).sort();

  beforeAll(async () => {
    const common = { project_id: 'filters' };
    await load('filters', [
      numberedSpan(1, {
        ...common,
        model: 'claude-sonnet-5',
        provider: 'anthropic',
        user_id: "o'hara",
        tags: ['team:search', 'batch'],
      }),
      numberedSpan(2, {
        ...common,
        outcome: 'failed',
        status: 402,
        error_code: 'provider_failed',
        tags: ['batch'],
        limit_refused: 'bud_1',
        limit_refused_name: 'Month of search',
      }),
      numberedSpan(3, {
        ...common,
        mode: 'test',
        environment: 'development',
        key_id: 'key_2',
        limit_routed: 'bud_1',
      }),
      numberedSpan(4, {
        ...common,
        outcome: 'cancelled',
        status: 499,
        input_preview: 'WEATHER in Zürich? 100% _sure_',
      }),
      numberedSpan(5, { ...common, output_preview: 'it is 1000 degrees\\cold', error_message: 'Überlauf' }),
      numberedSpan(6, { ...common, kind: 'attempt', request_id: 'req_attempt', tags: ['batch'] }),
      numberedSpan(7, {
        project_id: 'stranger',
        request_id: 'req_secret',
        input_preview: 'weather',
        tags: ['batch'],
        limit_refused: 'bud_1',
      }),
    ]);
  });

  test('holds what the contract says, with absent things as null', async () => {
    await load('shape', [
      numberedSpan(1, {
        project_id: 'shape',
        provider: '',
        model: '',
        model_asked: '',
        ttft_us: null,
        input_fresh: 5,
        input_cache_read: 7,
        input_cache_write_1h: 1,
        output_text: null,
        output_thinking: 4,
        cost_nanos: 1_500_000_001,
      }),
    ]);
    const page = TraceList.strict().parse(await list('shape'));
    expect(page.data[0]).toMatchObject({
      provider: null,
      model: null,
      model_asked: null,
      error_code: null,
      user_id: null,
      tags: [],
      limits: null,
      ttft_ms: null,
      duration_ms: 812.345,
      input_tokens: 13,
      output_tokens: 4,
      cost: { nanos: 1_500_000_001, usd: '1.500000001' },
      started_at: '2026-05-01T00:00:01.000000000Z',
    });
  });

  test('shows calls and no attempts, newest first', async () => {
    expect((await list('filters')).data.map((call) => call.request_id)).toEqual([
      'req_5',
      'req_4',
      'req_3',
      'req_2',
      'req_1',
    ]);
  });

  test.each<[Partial<TraceSearch>, string[]]>([
    [{ model: 'claude-sonnet-5' }, ['req_1']],
    [{ provider: 'anthropic' }, ['req_1']],
    [{ status: 'error' }, ['req_2']],
    [{ status: 'ok' }, ['req_1', 'req_3', 'req_5']],
    [{ mode: 'test' }, ['req_3']],
    [{ environment: 'development' }, ['req_3']],
    [{ key_id: 'key_2' }, ['req_3']],
    [{ user_id: "o'hara" }, ['req_1']],
    [{ tag: 'batch' }, ['req_1', 'req_2']],
    [{ tag: 'team:search' }, ['req_1']],
    [{ tag: 'team' }, []],
    [{ tag: '' }, []],
    [{ limit_id: 'bud_1' }, ['req_2']],
    [{ limit_id: 'bud_1', tag: 'team:search' }, []],
    [{ from: '2026-05-01T00:00:04Z' }, ['req_4', 'req_5']],
    [{ to: '2026-05-01T00:00:02Z' }, ['req_1']],
    [{ from: '0001-01-01T00:00:00Z', to: '9999-12-31T23:59:59Z', model: 'claude-sonnet-5' }, ['req_1']],
    [{ model: 'claude-sonnet-5', mode: 'test' }, []],
  ])('filters by %j', async (search, expected) => {
    expect(await found(search)).toEqual(expected);
  });

  test.each<[string, string[]]>([
    ['weather', ['req_4']],
    ['ZÜRICH', ['req_4']],
    ['100%', ['req_4']],
    ['_sure_', ['req_4']],
    ['%', ['req_4']],
    ['_', ['req_1', 'req_2', 'req_3', 'req_4', 'req_5']],
    ['\\cold', ['req_5']],
    ['10_0', []],
    ['überlauf', ['req_5']],
    ['req_2', ['req_2']],
    ['PROVIDER_failed', ['req_2']],
    ['0000000000000003', ['req_3']],
    ['sonnet', ['req_1']],
    ['', ['req_1', 'req_2', 'req_3', 'req_4', 'req_5']],
    ['no such text anywhere', []],
  ])('a search for %j is for exactly these letters in either case', async (search, expected) => {
    expect(await found({ search })).toEqual(expected);
  });

  const attacks = [
    "' OR 1=1 --",
    "') OR ('1'='1",
    '\\',
    "\\' OR 1=1 --",
    '{project_id:String}',
    "x' UNION ALL SELECT * FROM spans --",
    '\u0000',
    '\t\n\r',
    '%27 OR 1=1',
    '$1; DROP TABLE spans',
  ];
  const textFilters = [
    'model',
    'provider',
    'environment',
    'key_id',
    'user_id',
    'tag',
    'limit_id',
    'search',
  ] as const;
  test.each(textFilters)('SQL in %s is text and finds nothing', async (filter) => {
    for (const attack of attacks) {
      // One call holds a backslash, and a search for it has to find that one alone.
      const expected = filter === 'search' && attack === '\\' ? ['req_5'] : [];
      expect([attack, await found({ [filter]: attack })]).toEqual([attack, expected]);
    }
    expect(await found({})).toHaveLength(5);
  });

  test('text with SQL in it is found by itself', async () => {
    await load(
      'attacks',
      attacks.map((user_id, index) => numberedSpan(index, { project_id: 'attacks', user_id })),
    );
    for (const attack of attacks) {
      const page = await list('attacks', { user_id: attack });
      expect([attack, page.data.map((call) => call.user_id)]).toEqual([attack, [attack]]);
    }
  });

  test.each([...attacks, 'filters%', 'FILTERS'])(
    'a project named %j sees nothing of others',
    async (projectId) => {
      expect((await list(projectId)).data).toEqual([]);
      expect((await list(projectId, { search: 'weather' })).data).toEqual([]);
    },
  );

  test('a cursor of another project opens nothing of that project', async () => {
    const { next_cursor } = await list('filters', { limit: 1 });
    expect((await list('stranger', { cursor: next_cursor ?? '' })).data).toEqual([]);
  });

  test.each(['', 'x', 'bm90IGEgY3Vyc29y', 'MS4yLjM7', Buffer.from("1.a'.b").toString('base64url')])(
    'the cursor %j, which is none of ours, is refused',
    async (cursor) => {
      await expect(list('filters', { cursor })).rejects.toMatchObject({ code: 'invalid_cursor' });
    },
  );

  test('pages hold every call once, also those of one instant, while newer calls arrive', async () => {
    const at = '2026-05-01T12:00:00.000000000Z';
    const old = Array.from({ length: 23 }, (_, index) =>
      numberedSpan(index, {
        project_id: 'paging',
        ...(index % 2 === 0 ? { started_at: at, ended_at: at } : {}),
      }),
    );
    await load('paging', old);
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 10; page += 1) {
      const { data, next_cursor } = await list('paging', {
        limit: 5,
        ...(cursor === undefined ? {} : { cursor }),
      });
      seen.push(...data.map((call) => call.request_id));
      await load(`paging-${page}`, [numberedSpan(90_000 + page, { project_id: 'paging' })]);
      if (next_cursor === null) break;
      cursor = next_cursor;
    }
    expect(seen).toHaveLength(23);
    expect(new Set(seen)).toEqual(new Set(old.map((span) => span.request_id)));
  });

  test('calls far apart in time come on one page, and pages go on over any distance', async () => {
    const project_id = 'far';
    const hoursAgo = [0, 0.5, 2, 30, 100, 1000, 9000];
    const at = (hours: number) => new Date(Date.UTC(2026, 4, 1) - hours * 3_600_000).toISOString();
    const calls = hoursAgo.map((hours, index) =>
      numberedSpan(index, { project_id, started_at: at(hours), ended_at: at(hours) }),
    );
    await load('far', calls);
    const expected = calls.map((call) => call.request_id);
    for (const limit of [1, 2, 3, 50]) {
      const seen: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await list(project_id, { limit, ...(cursor === undefined ? {} : { cursor }) });
        seen.push(...page.data.map((call) => call.request_id));
        cursor = page.next_cursor;
      }
      expect(seen).toEqual(expected);
    }
    const bounded = await list(project_id, { from: at(150), to: at(1), limit: 2 });
    expect(bounded.data.map((call) => call.request_id)).toEqual(['req_2', 'req_3']);
    expect((await list(project_id, { search: 'req_6' })).data).toHaveLength(1);
  });

  test('a later version of a call replaces the earlier one, whichever is stored first', async () => {
    const project_id = 'versions';
    await load('version-2', [numberedSpan(1, { project_id, version: 2, model: 'new', outcome: 'failed' })]);
    await load('version-1', [numberedSpan(1, { project_id, version: 1, model: 'old' })]);
    await load('version-3', [numberedSpan(2, { project_id, version: 1, model: 'old' })]);
    await load('version-4', [numberedSpan(2, { project_id, version: 2, model: 'new' })]);
    expect((await list(project_id)).data.map((call) => call.model)).toEqual(['new', 'new']);
    expect((await list(project_id, { model: 'old' })).data).toEqual([]);
    expect((await list(project_id, { search: 'old' })).data).toEqual([]);
    expect((await list(project_id, { status: 'ok' })).data).toHaveLength(1);
  });
});
