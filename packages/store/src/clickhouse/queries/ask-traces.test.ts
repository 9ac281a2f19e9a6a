import {
  Analysis,
  PromptDetails,
  PromptList,
  SessionList,
  TraceList,
  TraceTree,
  UserList,
} from '@app/contract';
import type { SpanRow } from '@app/tracing';
import { beforeAll, describe, expect, test } from 'vitest';
import { useClickhouse } from '../../../test/clickhouse-engine.ts';
import { ndjson, numberedSpan, segment } from '../../../test/span-rows.ts';
import { createLoadSegment } from '../load-segment.ts';
import { analyzeCalls } from './analyze-calls.ts';
import { deleteScore, findScore, insertScore } from './change-scores.ts';
import { findSpan } from './find-span.ts';
import { findTrace } from './find-trace.ts';
import { findTraceTree } from './find-trace-tree.ts';
import { findPrompt, listPrompts } from './list-prompts.ts';
import { listScores } from './list-scores.ts';
import { listSessions } from './list-sessions.ts';
import { listTraces } from './list-traces.ts';
import { listUsers } from './list-users.ts';

const project = 'asked';
const day = Date.UTC(2026, 4, 1);
const nowMs = day + 3_600_000;
const at = (ms: number) => new Date(day + ms).toISOString().replace('Z', '000000Z');
const traceOf = (n: number) => n.toString(16).padStart(32, '0');
const spanOf = (n: number) => n.toString(16).padStart(16, '0');

type Line = Partial<SpanRow> & { trace: number; span: number; fromMs: number; ms: number };

function span({ trace, span: id, fromMs, ms, ...changes }: Line): SpanRow {
  return numberedSpan(id, {
    project_id: project,
    trace_id: traceOf(trace),
    span_id: spanOf(id),
    started_at: at(fromMs),
    ended_at: at(fromMs + ms),
    duration_us: ms * 1000,
    ...changes,
  });
}

const step = { kind: 'step', source: 'otlp', cost_nanos: 0, input_fresh: null, output_text: null } as const;
const systemPrompt = 'P'.repeat(43);

/** An agent that calls a model twice and a tool that fails; a call without anything around it; a call within a trace of elsewhere. */
const spans: SpanRow[] = [
  span({
    ...{
      trace: 1,
      span: 10,
      fromMs: 0,
      ms: 5_000,
      ...step,
      type: 'agent',
      name: 'plan a trip',
      trace_name: 'trip',
    },
    ...{ user_id: 'ann', session_id: 'chat 1', model: '', provider: '', service: 'planner', release: 'v7' },
  }),
  span({
    ...{ trace: 1, span: 11, fromMs: 1_000, ms: 1_000, parent_span_id: spanOf(10), source: 'otlp' },
    ...{
      user_id: 'ann',
      session_id: 'chat 1',
      cost_nanos: 5,
      input_preview: 'where to?',
      output_preview: 'Rome',
    },
    ...{
      prompt_digest: systemPrompt,
      ttft_us: 200_000,
      tags: ['beta'],
      attributes: '{"metadata":{"plan":"pro","seats":12}}',
    },
    content_digests: ['M'.repeat(43)],
  }),
  span({
    ...{ trace: 1, span: 12, fromMs: 2_500, ms: 500, parent_span_id: spanOf(10), ...step, type: 'tool' },
    ...{ name: 'book', tool_name: 'book', outcome: 'failed', error_code: 'timeout', model: '', provider: '' },
  }),
  span({
    ...{ trace: 1, span: 13, fromMs: 3_000, ms: 1_500, parent_span_id: spanOf(10), source: 'otlp' },
    ...{
      user_id: 'ann',
      session_id: 'chat 1',
      cost_nanos: 7,
      prompt_digest: systemPrompt,
      output_preview: 'booked',
    },
    redactions: '{"EMAIL":2}',
    request: `{"system":{"$content":"${systemPrompt}"},"messages":[{"$content":"${'M'.repeat(43)}"}]}`,
    content_digests: [systemPrompt, 'N'.repeat(43)],
  }),
  span({
    trace: 1,
    span: 14,
    fromMs: 3_000,
    ms: 1_500,
    parent_span_id: spanOf(13),
    kind: 'seen',
    cost_nanos: 7,
  }),
  span({
    ...{ trace: 2, span: 20, fromMs: 60_000, ms: 100, user_id: 'bob', model: 'small', cost_nanos: 1_000 },
    ...{ prompt_name: 'greet', prompt_version: '2', tags: ['beta', 'batch'], environment: 'staging' },
  }),
  span({
    ...{
      trace: 3,
      span: 30,
      fromMs: 120_000,
      ms: 300,
      parent_span_id: spanOf(99),
      user_id: 'bob',
      session_id: 'chat 2',
    },
    ...{
      prompt_name: 'greet',
      content_digests: ['S'.repeat(43)],
      prompt_version: '3',
      outcome: 'failed',
      status: 500,
      cost_nanos: 50,
      ttft_us: null,
    },
  }),
];

describe('questions about spans from everywhere', () => {
  const clickhouse = useClickhouse();
  const list = async (search: object) =>
    TraceList.parse(await listTraces(clickhouse.get())(project, { limit: 50, ...search }));
  const tracesFound = async (search: object) =>
    (await list({ of: 'traces', ...search })).data.map((line) => Number.parseInt(line.trace_id, 16));
  const spansFound = async (filter: string) =>
    (await list({ of: 'spans', filter })).data.map((line) => Number.parseInt(line.span_id, 16)).sort();
  const stretch = { from: at(0), to: at(3_600_000), nowMs, limit: 50 };

  beforeAll(async () => {
    const stored_at = '2026-05-01T10:00:01.000Z';
    await createLoadSegment(clickhouse.get())(
      segment(
        'asked',
        [
          ...spans,
          span({
            trace: 1,
            span: 40,
            fromMs: 0,
            ms: 1,
            project_id: 'stranger',
            user_id: 'eve',
            session_id: 's',
            prompt_name: 'p',
            tags: ['beta'],
          }),
        ],
        [
          { project_id: project, digest: systemPrompt, content: '"You plan   trips."', stored_at },
          {
            project_id: project,
            digest: 'S'.repeat(43),
            content: '{"role":"system","content":[{"type":"text","text":"Greet."}]}',
            stored_at,
          },
          {
            project_id: project,
            digest: 'M'.repeat(43),
            content: '{"role":"user","content":"I like \\"Gelato\\" in Z\\u00fcrich"}',
            stored_at,
          },
        ],
      ),
    );
    await clickhouse.get().insert('scores', {
      ndjson: ndjson(
        [
          {
            trace_id: traceOf(1),
            span_id: spanOf(11),
            score_id: 'a',
            name: 'helpful',
            value: 0.25,
            text_value: '',
          },
          {
            trace_id: traceOf(2),
            span_id: '',
            score_id: 'b',
            name: 'verdict',
            value: null,
            text_value: 'good',
          },
          { trace_id: traceOf(3), span_id: '', score_id: 'c', name: 'thumb', value: 1, text_value: 'true' },
        ].map((row, n) => ({
          project_id: project,
          session_id: '',
          version: 1,
          comment: '',
          source: 'api',
          author: '',
          at: at(n),
          ...row,
        })),
      ),
      token: 'scores',
    });
  });

  test('a line of the list of traces is a whole trace, by when it began', async () => {
    const { data, next_cursor } = await list({ of: 'traces' });
    expect(data.map((line) => line.trace_id)).toEqual([3, 2, 1].map(traceOf));
    expect(next_cursor).toBeNull();
    expect(data[2]).toMatchObject({
      span_id: spanOf(10),
      name: 'trip',
      type: 'agent',
      source: 'otlp',
      started_at: '2026-05-01T00:00:00.000000000Z',
      duration_ms: 5_000,
      span_count: 5,
      failed_count: 1,
      cost: { nanos: 12 },
      input_tokens: 24,
      output_tokens: 60,
      model: 'gpt-5',
      user_id: 'ann',
      session_id: 'chat 1',
      tags: ['beta'],
      redactions: { EMAIL: 2 },
      input_preview: 'where to?',
      output_preview: 'booked',
      service: 'planner',
      release: 'v7',
    });
    expect(data[0]).toMatchObject({
      span_id: spanOf(30),
      name: '/v1/chat/completions',
      span_count: 1,
      failed_count: 1,
    });
  });

  test('pages of traces hold each once', async () => {
    const first = await list({ of: 'traces', limit: 2 });
    const second = await list({ of: 'traces', limit: 2, cursor: first.next_cursor ?? '' });
    expect([...first.data, ...second.data].map((line) => line.trace_id)).toEqual([3, 2, 1].map(traceOf));
    expect(second.next_cursor).toBeNull();
  });

  test.each<[object, number[]]>([
    [{ filter: 'type:tool has:error' }, [1]],
    [{ filter: 'user:bob' }, [3, 2]],
    [{ filter: 'user:bob', from: at(100_000) }, [3]],
    [{ to: at(120_000) }, [2, 1]],
    [{ search: 'gelato' }, [1]],
    [{ status: 'error' }, [3, 1]],
    [{ filter: 'user:eve' }, []],
  ])('traces of which a span is %j', async (search, found) => {
    expect(await tracesFound(search)).toEqual(found);
  });

  test.each<[string, number[]]>([
    ['kind:step', [10, 12]],
    ['kind:seen', [14]],
    ['type:tool has:error', [12]],
    ['tool:book', [12]],
    ['user:ann kind:call', [11, 13]],
    ['user:ANN', []],
    ['user~AN', [10, 11, 13]],
    ['tag:beta -environment:staging', [11]],
    ['tag:ba*', [20]],
    ['tag:batch OR tool:book', [12, 20]],
    ['-(kind:call OR kind:step)', [14]],
    ['cost>0.000000999', [20]],
    ['cost:0.000000005..0.00000005 kind:call', [11, 13, 30]],
    ['duration>1s duration<=1.5s kind:call', [13]],
    ['ttft<=200ms', [11]],
    ['status:5xx', [30]],
    ['status:error', [12, 30]],
    ['metadata.plan:pro', [11]],
    ['metadata.plan:"pro" metadata.seats>=12', [11]],
    ['metadata.seats>12', []],
    ['metadata.plan~PR', [11]],
    ['has:redaction', [13]],
    ['has:score user:ann kind:call', [11, 13]],
    ['score.helpful<0.5 kind:call', [11, 13]],
    ['score.helpful>0.5', []],
    ['score.verdict:good', [20]],
    ['score.thumb:true', [30]],
    ['"like \\"gelato"', [11]],
    ['"in ZÜRICH"', [11]],
    ['gelato OR tool:book', [11, 12]],
    ['-gelato kind:call user:ann', [13]],
    ['trace_name:trip', [10]],
    ['service:planner release:v*', [10]],
    ['model:"g%"', []],
    ['prompt:greet prompt_version:3', [30]],
    ['stream:true', []],
    ['parent:""', [10, 20]],
  ])('spans that are %s', async (filter, found) => {
    expect(await spansFound(filter)).toEqual(found);
  });

  test('old fields and a filter hold together, and a call is a line unless asked otherwise', async () => {
    const { data } = await list({ user_id: 'ann', filter: 'cost>=0.000000007' });
    expect(data.map((line) => line.span_id)).toEqual([spanOf(13)]);
  });

  test('a filter that cannot be read says where', async () => {
    await expect(list({ filter: 'tag:a modell:x' })).rejects.toMatchObject({
      code: 'invalid_filter',
      message: 'At character 7: There is no field "modell". Is "model" meant?',
    });
  });

  test('a tree has every span in order, and only calls are counted', async () => {
    const tree = await findTraceTree(clickhouse.get())(project, traceOf(1));
    expect(TraceTree.parse({ ...tree, scores: [] })).toMatchObject({
      name: 'trip',
      duration_us: 5_000_000,
      span_count: 5,
      is_cut: false,
      cost: { nanos: 12 },
      input_tokens: 24,
      output_tokens: 60,
      user_id: 'ann',
      session_id: 'chat 1',
      release: 'v7',
      tags: ['beta'],
    });
    expect(tree?.spans.map((each) => [each.span_id, each.offset_us, each.parent_span_id, each.kind])).toEqual(
      [
        [spanOf(10), 0, null, 'step'],
        [spanOf(11), 1_000_000, spanOf(10), 'call'],
        [spanOf(12), 2_500_000, spanOf(10), 'step'],
        [spanOf(13), 3_000_000, spanOf(10), 'call'],
        [spanOf(14), 3_000_000, spanOf(13), 'seen'],
      ],
    );
    expect(await findTraceTree(clickhouse.get())('stranger', traceOf(2))).toBeUndefined();
  });

  test('a trace that the gateway had no part in is told by its root, one that began elsewhere by its call', async () => {
    const trace = await findTrace(clickhouse.get())(project, traceOf(1));
    expect(trace?.summary).toMatchObject({ span_id: spanOf(10), name: 'plan a trip' });
    expect(trace?.span_count).toBe(5);
    expect((await findTrace(clickhouse.get())(project, traceOf(3)))?.summary.span_id).toBe(spanOf(30));
  });

  test('a span is found with what it carries, in its own project alone', async () => {
    const find = findSpan(clickhouse.get());
    const found = await find(project, traceOf(1), spanOf(11));
    expect(found?.span).toMatchObject({ span_id: spanOf(11), user_id: 'ann', tags: ['beta'], kind: 'call' });
    expect(found?.attributes).toEqual({ metadata: { plan: 'pro', seats: 12 } });
    expect(found?.billed).toMatchObject({ usage: { inputFresh: 12, outputText: 30 }, cost: { nanos: 5 } });
    expect(await find(project, traceOf(1), spanOf(20))).toBeUndefined();
    expect(await find('stranger', traceOf(1), spanOf(11))).toBeUndefined();
  });

  test('sessions add up what belongs to them, the latest first', async () => {
    const found = SessionList.parse(await listSessions(clickhouse.get())(project, stretch));
    expect(found.data.map((session) => session.id)).toEqual(['chat 2', 'chat 1']);
    expect(found.data[1]).toMatchObject({
      traces: 1,
      calls: 2,
      failed: 0,
      cost: { nanos: 12 },
      users: ['ann'],
      input_preview: 'where to?',
      output_preview: 'booked',
      first_at: '2026-05-01T00:00:00.000000000Z',
      last_at: '2026-05-01T00:00:03.000000000Z',
    });
    const first = await listSessions(clickhouse.get())(project, { ...stretch, limit: 1 });
    const second = await listSessions(clickhouse.get())(project, {
      ...stretch,
      limit: 1,
      cursor: first.next_cursor ?? '',
    });
    expect(second.data.map((session) => session.id)).toEqual(['chat 1']);
    expect(second.next_cursor).toBeNull();
    const one = await listSessions(clickhouse.get())(project, { ...stretch, search: 'CHAT 2' });
    expect(one.data.map((session) => session.id)).toEqual(['chat 2']);
  });

  test('users come by what they cost', async () => {
    const found = UserList.parse(await listUsers(clickhouse.get())(project, stretch));
    expect(
      found.data.map((user) => [user.id, user.cost.nanos, user.calls, user.sessions, user.failed]),
    ).toEqual([
      ['bob', 1_050, 2, 1, 1],
      ['ann', 12, 2, 1, 0],
    ]);
    const first = await listUsers(clickhouse.get())(project, { ...stretch, limit: 1 });
    const second = await listUsers(clickhouse.get())(project, {
      ...stretch,
      limit: 1,
      cursor: first.next_cursor ?? '',
    });
    expect(second.data.map((user) => user.id)).toEqual(['ann']);
    const staging = await listUsers(clickhouse.get())(project, { ...stretch, environment: 'staging' });
    expect(staging.data.map((user) => [user.id, user.calls])).toEqual([['bob', 1]]);
  });

  test('a prompt is what its caller named so, or else a system prompt, and has versions', async () => {
    const found = PromptList.parse(await listPrompts(clickhouse.get())(project, stretch));
    expect(
      found.data.map((prompt) => [prompt.id, prompt.name, prompt.versions, prompt.calls, prompt.preview]),
    ).toEqual([
      ['name:greet', 'greet', 2, 2, 'Greet.'],
      [`digest:${systemPrompt}`, null, 1, 2, 'You plan trips.'],
    ]);
    const details = PromptDetails.parse(await findPrompt(clickhouse.get())(project, 'name:greet', stretch));
    expect(details.versions.map((version) => [version.version, version.cost.nanos])).toEqual([
      ['3', 50],
      ['2', 1_000],
    ]);
    expect(await findPrompt(clickhouse.get())('stranger', 'name:greet', stretch)).toBeUndefined();
  });

  test('calls are analysed by up to three dimensions, and nothing but calls counts', async () => {
    const analyze = analyzeCalls(clickhouse.get());
    const question = { ...stretch, order: 'cost' } as const;
    const all = Analysis.parse(
      await analyze(project, { ...question, measures: ['calls', 'users', 'latency_p95_ms'] }),
    );
    expect(all.total).toMatchObject({ calls: 4, users: 2, cost: 0.000_001_062 });
    expect(all.groups).toMatchObject([{ keys: {}, measures: { calls: 4 } }]);
    const by = Analysis.parse(
      await analyze(project, { ...question, by: ['user_id', 'model'], series: 'calls', limit: 2 }),
    );
    expect(by.groups.map((group) => [group.keys, group.measures.calls])).toEqual([
      [{ user_id: 'bob', model: 'small' }, 1],
      [{ user_id: 'bob', model: 'gpt-5' }, 1],
    ]);
    expect(by.is_cut).toBe(true);
    expect(by.groups[0]?.series?.reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBe(1);
    expect(by.groups[0]?.series).toHaveLength(by.times.length);
    const tags = await analyze(project, { ...question, by: ['tag'], order: 'calls', filter: 'user:ann,bob' });
    expect(tags.groups.map((group) => [group.keys.tag, group.measures.calls])).toEqual([
      ['', 2],
      ['beta', 2],
      ['batch', 1],
    ]);
    expect(tags.total.calls).toBe(4);
  });

  test.each(['error_rate', 'ttft_p95_ms', 'latency_p99_ms', 'sessions', 'cache_read_tokens'] as const)(
    'groups are ordered by %s too',
    async (order) => {
      const found = await analyzeCalls(clickhouse.get())(project, {
        ...stretch,
        by: ['model'],
        order,
        series: order,
      });
      expect(Analysis.parse(found).groups).toHaveLength(2);
    },
  );

  test('scores are listed newest first, stored, and deleted', async () => {
    const own = 'scored';
    const store = insertScore(clickhouse.get());
    const common = { trace_id: traceOf(7), span_id: null, session_id: null, comment: null, author: 'ann' };
    for (const [n, value] of [0.5, 'good', true].entries()) {
      const score = { ...common, id: `s${n}`, name: 'helpful', value, source: 'annotation' as const };
      await store(own, { ...score, at: new Date(day + n).toISOString() }, 1);
    }
    const { data } = await listScores(clickhouse.get())(own, { limit: 50, trace_id: traceOf(7) });
    expect(data.map((score) => score.value)).toEqual([true, 'good', 0.5]);
    const first = await listScores(clickhouse.get())(own, { limit: 2 });
    const second = await listScores(clickhouse.get())(own, { limit: 2, cursor: first.next_cursor ?? '' });
    expect(second.data.map((score) => score.id)).toEqual(['s0']);
    await deleteScore(clickhouse.get())(own, 's1');
    expect(await findScore(clickhouse.get())(own, 's1')).toBeUndefined();
    expect((await findScore(clickhouse.get())(own, 's2'))?.value).toBe(true);
    expect(await findScore(clickhouse.get())('stranger', 's2')).toBeUndefined();
  });
});
