import type { LoadedSegment, PartRow, SpanRow, TouchedRow } from '@app/tracing';
import { createPriceOf, mergeParts, NO_PRICES } from '@app/tracing';
import { describe, expect, test } from 'vitest';
import { useClickhouse } from '../../test/clickhouse-engine.ts';
import { ndjson, segment, spanRow } from '../../test/span-rows.ts';
import { createLoadSegment } from './load-segment.ts';

const clickhouse = useClickhouse();
const priceOf = createPriceOf(NO_PRICES);
const loader = () =>
  createLoadSegment(clickhouse.get(), { mergeParts: (parts) => mergeParts(parts, priceOf) });

const TRACE = 'a'.repeat(32);
const CALLER = 'c'.repeat(16);

/** The gateway's own row of a call, with what its load says of it. */
function gatewayLoad(token: string, projectId: string, changes: Partial<SpanRow> = {}): LoadedSegment {
  const row = spanRow({
    project_id: projectId,
    trace_id: TRACE,
    span_id: '1'.repeat(16),
    parent_span_id: CALLER,
    request_id: 'req_gateway',
    ...changes,
  });
  const { project_id, trace_id, span_id, parent_span_id, request_id, started_at } = row;
  const call: TouchedRow = { token, project_id, what: 'call', trace_id, span_id, request_id };
  const trace: TouchedRow = { ...call, what: 'gateway_trace', span_id: '', request_id: '' };
  const calls = [{ project_id, trace_id, parent_span_id, request_id, started_at }];
  const isChild = parent_span_id !== '';
  return {
    ...segment(token, [row]),
    received: {
      touched: ndjson(isChild ? [call, trace] : [call]),
      ...(isChild ? { gatewayCalls: ndjson(calls) } : {}),
    },
  };
}

/** What a caller's own SDK says of its spans. */
function callerLoad(token: string, rows: readonly SpanRow[]): LoadedSegment {
  const touched = rows.map(
    ({ project_id, trace_id }): TouchedRow => ({
      ...{ token, project_id, what: 'trace', trace_id, span_id: '', request_id: '' },
    }),
  );
  const claims = rows.flatMap((row) => {
    const { project_id, gateway_request_id: request_id, trace_id, span_id, started_at } = row;
    return request_id === '' ? [] : [{ project_id, request_id, trace_id, span_id, started_at }];
  });
  return {
    ...segment(token, rows),
    received: {
      touched: ndjson(touched),
      ...(claims.length === 0 ? {} : { gatewayClaims: ndjson(claims) }),
    },
  };
}

function callerRow(projectId: string, changes: Partial<SpanRow> = {}): SpanRow {
  return spanRow({
    project_id: projectId,
    source: 'sdk',
    trace_id: TRACE,
    span_id: CALLER,
    request_id: '',
    cost_nanos: 1_230_000,
    started_at: '2026-05-01T09:59:59.900000000Z',
    ...changes,
  });
}

type Stored = {
  span_id: string;
  kind: string;
  cost_nanos: string;
  gateway_request_id: string;
  user_id: string;
};

async function listSpans(projectId: string): Promise<(Stored & { [column: string]: unknown })[]> {
  const sql = `SELECT * FROM spans FINAL WHERE project_id = {project_id:String} ORDER BY started_at, span_id LIMIT 100`;
  return clickhouse.get().rows(sql, { project_id: projectId });
}

const SEEN = { span_id: CALLER, kind: 'seen', cost_nanos: '0', gateway_request_id: 'req_gateway' };
const COUNTED = { kind: 'call', cost_nanos: '1230000', source: 'gateway' };

describe('a call that went through the gateway and that its caller told us of', () => {
  const orders = ['the gateway first', 'the caller first'] as const;

  test.each(orders)('is counted once when the traceparent joins them, %s', async (order) => {
    const project = `trace ${order}`;
    const loads = [gatewayLoad(`g-${order}`, project), callerLoad(`c-${order}`, [callerRow(project)])];
    for (const load of order === 'the gateway first' ? loads : loads.toReversed()) await loader()(load);
    expect(await listSpans(project)).toMatchObject([SEEN, COUNTED]);
  });

  test.each(orders)('is counted once when the caller names the request, %s', async (order) => {
    const project = `request ${order}`;
    const row = callerRow(project, { trace_id: 'b'.repeat(32), gateway_request_id: 'req_gateway' });
    const loads = [
      gatewayLoad(`gr-${order}`, project, { parent_span_id: '' }),
      callerLoad(`cr-${order}`, [row]),
    ];
    for (const load of order === 'the gateway first' ? loads : loads.toReversed()) await loader()(load);
    expect(await listSpans(project)).toMatchObject([SEEN, COUNTED]);
  });

  test('stays so when either load is repeated, or the span comes again with a later end', async () => {
    const project = 'repeated';
    const gateway = gatewayLoad('g-repeated', project);
    const caller = callerLoad('c-repeated', [callerRow(project)]);
    for (const load of [gateway, caller, gateway, caller]) await loader()(load);
    expect(await listSpans(project)).toMatchObject([SEEN, COUNTED]);
    await loader()(callerLoad('c-later', [callerRow(project, { version: 50 })]));
    expect(await listSpans(project)).toMatchObject([SEEN, COUNTED]);
  });

  test('is counted once although the loader was killed between the insert and the join', async () => {
    const project = 'killed';
    await loader()(gatewayLoad('g-killed', project));
    const caller = callerLoad('c-killed', [callerRow(project)]);
    await createLoadSegment({
      ...clickhouse.get(),
      write: async () => {
        throw new Error('killed');
      },
    })(caller).catch(() => undefined);
    expect(await listSpans(project)).toMatchObject([{ kind: 'call' }, { kind: 'call' }]);
    await loader()(caller);
    expect(await listSpans(project)).toMatchObject([SEEN, COUNTED]);
  });

  test('is counted as its own when the gateway does not know the request, or is of another project', async () => {
    await loader()(gatewayLoad('g-other', 'other project'));
    await loader()(callerLoad('c-alone', [callerRow('alone', { gateway_request_id: 'req_gateway' })]));
    expect(await listSpans('alone')).toMatchObject([{ kind: 'call', cost_nanos: '1230000' }]);
  });
});

describe('what is said once of a trace', () => {
  test('holds for its other received spans, whichever came first, and not for those of another trace', async () => {
    const project = 'facts';
    const root = callerRow(project, {
      ...{ span_id: '1'.repeat(16), kind: 'step', user_id: 'ada', session_id: 's1', release: 'v2' },
      ...{ trace_name: 'ask', tags: ['blue'], started_at: '2026-05-01T09:59:59.000000000Z' },
    });
    const child = callerRow(project, { span_id: '2'.repeat(16), tags: ['own'] });
    const late = callerRow(project, {
      span_id: '3'.repeat(16),
      started_at: '2026-05-01T10:00:01.000000000Z',
      ended_at: '2026-05-01T10:00:03.000000000Z',
    });
    const other = callerRow(project, {
      span_id: '4'.repeat(16),
      trace_id: 'd'.repeat(32),
      started_at: '2026-05-01T10:00:02.000000000Z',
    });
    await loader()(callerLoad('facts-1', [child]));
    await loader()(callerLoad('facts-2', [root]));
    await loader()(callerLoad('facts-3', [late, other]));
    const shared = { user_id: 'ada', session_id: 's1', release: 'v2', trace_name: 'ask' };
    expect(await listSpans(project)).toMatchObject([
      { ...shared, tags: ['blue'] },
      { ...shared, tags: ['own'] },
      { ...shared, tags: ['blue'] },
      { user_id: '', session_id: '', tags: [] },
    ]);
  });
});

describe('a span that comes in parts', () => {
  const part = (project: string, at: number, row: Partial<SpanRow>): PartRow => ({
    ...{ project_id: project, trace_id: TRACE, span_id: CALLER, part_at: at, part_id: `event-${at}` },
    row: JSON.stringify({
      project_id: project,
      trace_id: TRACE,
      span_id: CALLER,
      source: 'langfuse',
      ...row,
    }),
  });
  const partLoad = (token: string, parts: PartRow[]): LoadedSegment => ({
    ...segment(token, []),
    traceIndex: ndjson(
      parts.map(({ project_id, trace_id }) => ({
        ...{ project_id, trace_id, first_at: '2026-05-01T10:00:00Z', last_at: '2026-05-01T11:00:05Z' },
      })),
    ),
    received: {
      parts: ndjson(parts),
      touched: ndjson(
        parts.map(({ project_id, trace_id, span_id }) => ({
          token,
          project_id,
          what: 'part',
          trace_id,
          span_id,
          request_id: '',
        })),
      ),
    },
  });
  const created = (project: string) =>
    part(project, 1_000, {
      ...{ name: 'first name', type: 'generation', model: 'gpt-4o', provider: 'openai', mode: 'live' },
      started_at: '2026-05-01T10:00:00.000000000Z',
    });
  const updated = (project: string) =>
    part(project, 2_000, {
      ...{
        name: 'last name',
        input_fresh: 1_000,
        output_text: 0,
        ended_at: '2026-05-01T10:00:05.000000000Z',
      },
    });
  const whole = {
    name: 'last name',
    kind: 'call',
    duration_us: '5000000',
    cost_nanos: '2500000',
    cost_label: 'exact',
  };

  test('has a hundred of them at most, and what is too long of others holds up nobody', async () => {
    const project = 'parts without end';
    const many = Array.from({ length: 130 }, (_, at) => ({ ...updated(project), part_id: `many-${at}` }));
    const long = {
      ...updated(project),
      part_id: 'long',
      row: JSON.stringify({ name: 'x'.repeat(1_100_000) }),
    };
    await loader()(partLoad('parts-without-end', [created(project), ...many, long]));
    expect(await listSpans(project)).toMatchObject([whole]);
  });

  test.each(['in order', 'the wrong way round', 'together'])('is one row, its parts %s', async (order) => {
    const project = `parts ${order}`;
    const parts = [created(project), updated(project)];
    const loads =
      order === 'together'
        ? [parts]
        : (order === 'in order' ? parts : parts.toReversed()).map((each) => [each]);
    for (const [place, load] of loads.entries()) await loader()(partLoad(`${project}-${place}`, load));
    await loader()(partLoad(`${project}-0`, loads[0] ?? []));
    expect(await listSpans(project)).toMatchObject([whole]);
  });

  test('moves to the hour in which it began when that is told last', async () => {
    const project = 'moved';
    const late = part(project, 3_000, {
      started_at: '2026-05-01T11:00:00.000000000Z',
      name: 'x',
      type: 'span',
    });
    await loader()(partLoad('moved-1', [late]));
    await loader()(
      partLoad('moved-2', [part(project, 1_000, { started_at: '2026-05-01T10:00:00.000000000Z' })]),
    );
    await expect.poll(() => listSpans(project), { timeout: 5_000 }).toHaveLength(1);
    expect(await listSpans(project)).toMatchObject([
      { started_at: '2026-05-01T10:00:00.000000000Z', name: 'x' },
    ]);
  });

  test('moves nothing of the gateway, whose row has the same ids in another hour', async () => {
    const project = 'not moved';
    await loader()(gatewayLoad('g-not-moved', project, { span_id: CALLER, parent_span_id: '' }));
    const later = '2026-05-01T11:00:00.000000000Z';
    const sooner = '2026-05-01T09:30:00.000000000Z';
    await loader()(partLoad('not-moved-1', [part(project, 3_000, { started_at: later, type: 'span' })]));
    await loader()(partLoad('not-moved-2', [part(project, 1_000, { started_at: sooner })]));
    expect(await listSpans(project)).toMatchObject([{ started_at: sooner }, { ...COUNTED, span_id: CALLER }]);
  });
});
