import { Trace } from '@app/contract';
import type { ContentRow, SpanRow } from '@app/tracing';
import { describe, expect, test } from 'vitest';
import { useClickhouse } from '../../../test/clickhouse-engine.ts';
import { ndjson, segment, spanRow } from '../../../test/span-rows.ts';
import { createLoadSegment } from '../load-segment.ts';
import { findTrace } from './find-trace.ts';

const traceId = spanRow().trace_id;
const first = 'a'.repeat(43);
const second = 'b'.repeat(43);
const third = 'c'.repeat(43);

function content(project_id: string, digest: string, text: string): ContentRow {
  return { project_id, digest, content: text, stored_at: '2026-05-01T10:00:01.000Z' };
}

describe('a trace', () => {
  const clickhouse = useClickhouse();
  const load = (token: string, spans: readonly SpanRow[], contents: readonly ContentRow[] = []) =>
    createLoadSegment(clickhouse.get())(segment(token, spans, contents));
  const find = (projectId: string, id = traceId) => findTrace(clickhouse.get())(projectId, id);

  test('holds its call, its attempts and its content as the contract says', async () => {
    const project_id = 'whole';
    const call = spanRow({
      project_id,
      capture: 'full',
      request: `{"model":"gpt-5","messages":[{"$content":"${first}"},{"$content":"${second}.${third}"}]}`,
      reply: `{"parts":[{"$content":"${first}"}]}`,
      content_digests: [first, second, third],
      losses: '[{"path":"logprobs","why":"unsupported"}]',
      input_cache_read: 0,
    });
    const attempt = spanRow({
      project_id,
      kind: 'attempt',
      span_id: '00000000000000aa',
      parent_span_id: call.span_id,
      name: 'openai/gpt-5',
      started_at: '2026-05-01T10:00:00.000500000Z',
      outcome: 'failed',
      status: 0,
      error_code: 'provider_timeout',
    });
    await load(
      'whole',
      [attempt, call],
      [
        content(project_id, first, '{"role":"user","content":"wie geht es"}'),
        content(project_id, second, '{"role":"user",'),
        content(project_id, third, '"content":"two pieces"}'),
      ],
    );
    const trace = Trace.strict().parse(await find(project_id));
    expect(trace.spans.map((span) => [span.kind, span.parent_span_id, span.error_code])).toEqual([
      ['call', null, null],
      ['attempt', call.span_id, 'provider_timeout'],
    ]);
    expect(trace.summary.span_id).toBe(call.span_id);
    expect(trace.spans[0]?.usage).toEqual({ input_fresh: 12, input_cache_read: 0, output_text: 30 });
    expect(trace.losses).toEqual([{ path: 'logprobs', why: 'unsupported' }]);
    expect(trace.request).toEqual({
      model: 'gpt-5',
      messages: [
        { role: 'user', content: 'wie geht es' },
        { role: 'user', content: 'two pieces' },
      ],
    });
    expect(trace.reply).toEqual({ parts: [{ role: 'user', content: 'wie geht es' }] });
  });

  test('tells its tags, what limits did to it, who was paid with which key, and what decided its cost', async () => {
    const project_id = 'limited';
    const call = spanRow({
      project_id,
      tags: ['team:search', 'batch'],
      credential: 'cred_2',
      limit_refused: 'key_1/requests',
      limit_routed: 'bud_1',
      limit_routed_name: 'Month of search',
      output_cap: 300,
      service_tier: 'flex',
      geo: 'us',
      tool_uses: '{"webSearch":2,"codeExecution":1,"unheardOf":3}',
    });
    const first = spanRow({
      project_id,
      kind: 'attempt',
      span_id: '00000000000000aa',
      credential: 'cred_1',
      started_at: '2026-05-01T10:00:00.000500000Z',
    });
    await load('limited', [call, first]);
    const trace = Trace.strict().parse(await find(project_id));
    expect(trace.summary).toMatchObject({
      tags: ['team:search', 'batch'],
      limits: {
        refused_by: { id: 'key_1/requests', name: null },
        routed_by: { id: 'bud_1', name: 'Month of search' },
        output_tokens_max: 300,
      },
    });
    const told = trace.spans.map(({ credential, service_tier, geo, tool_uses }) => ({
      credential,
      service_tier,
      geo,
      tool_uses,
    }));
    expect(told).toEqual([
      {
        credential: 'cred_2',
        service_tier: 'flex',
        geo: 'us',
        tool_uses: { web_search: 2, code_execution: 1 },
      },
      { credential: 'cred_1', service_tier: null, geo: null, tool_uses: {} },
    ]);
  });

  test('that only had its output lowered says so', async () => {
    await load('lowered', [spanRow({ project_id: 'lowered', output_cap: 256 })]);
    expect((await find('lowered'))?.summary.limits).toEqual({
      refused_by: null,
      routed_by: null,
      output_tokens_max: 256,
    });
  });

  test('from before any of this was kept is read as one that had none of it', async () => {
    const {
      tags: _tags,
      credential: _credential,
      limit_refused: _refused,
      limit_refused_name: _refusedName,
      limit_routed: _routed,
      limit_routed_name: _routedName,
      output_cap: _cap,
      ...old
    } = spanRow({ project_id: 'old' });
    await createLoadSegment(clickhouse.get())({
      ...segment('old', [spanRow({ project_id: 'old' })]),
      spans: ndjson([old]),
    });
    const trace = Trace.strict().parse(await find('old'));
    expect(trace.summary).toMatchObject({ tags: [], limits: null });
    expect(trace.spans[0]).toMatchObject({ credential: null, service_tier: null, tool_uses: {} });
  });

  test('of a project that keeps metadata only has no request and no reply', async () => {
    await load('metadata', [spanRow({ project_id: 'metadata' })]);
    expect(await find('metadata')).toMatchObject({ capture: 'metadata', request: null, reply: null });
  });

  test("does not exist for another project, whose trace of the same id stays that project's own", async () => {
    await load('mine', [spanRow({ project_id: 'mine', model: 'mine' })]);
    expect(await find('theirs')).toBeUndefined();
    await load('theirs', [spanRow({ project_id: 'theirs', model: 'theirs' })]);
    expect((await find('mine'))?.summary.model).toBe('mine');
    expect((await find('theirs'))?.summary.model).toBe('theirs');
  });

  test("never resolves a digest to another project's content", async () => {
    const row: Partial<SpanRow> = {
      capture: 'full',
      request: `{"$content":"${first}"}`,
      content_digests: [first],
    };
    await load('owner', [spanRow({ project_id: 'owner', ...row })], [content('owner', first, '"a secret"')]);
    await load('thief', [spanRow({ project_id: 'thief', ...row })]);
    expect((await find('owner'))?.request).toBe('a secret');
    expect((await find('thief'))?.request).toEqual({ $content: first });
  });

  test('never resolves a digest that its own row does not list', async () => {
    const project_id = 'listed';
    const row: Partial<SpanRow> = {
      capture: 'full',
      request: `{"a":{"$content":"${first}"}}`,
      content_digests: [],
    };
    await load('listed', [spanRow({ project_id, ...row })], [content(project_id, first, '"another call"')]);
    expect((await find(project_id))?.request).toEqual({ a: { $content: first } });
  });

  test('shows the highest version of each span, also when a late one widens its time', async () => {
    const project_id = 'late';
    await load('late-1', [spanRow({ project_id, version: 1, cost_nanos: 1 })]);
    await load('late-2', [
      spanRow({ project_id, version: 2, cost_nanos: 2 }),
      spanRow({
        project_id,
        kind: 'attempt',
        span_id: '00000000000000bb',
        started_at: '2026-05-02T10:00:00.000000000Z',
        ended_at: '2026-05-02T10:00:01.000000000Z',
      }),
    ]);
    const trace = await find(project_id);
    expect(trace?.spans).toHaveLength(2);
    expect(trace?.summary.cost).toEqual({ nanos: 2, usd: '0.000000002' });
  });

  test.each(["' OR 1=1 --", '', '%', '{project_id:String}', '\u0000', 'x'.repeat(5000)])(
    'of the id %j does not exist',
    async (id) => {
      expect(await find('whole', id)).toBeUndefined();
    },
  );
});
