import type { ContentRow, SpanRow } from '@app/tracing';
import { beforeAll, expect, test } from 'vitest';
import { useClickhouse } from '../../test/clickhouse-engine.ts';
import { numberedSpan, segment } from '../../test/span-rows.ts';
import { erasureQueries } from './erasure-queries.ts';
import { createLoadSegment } from './load-segment.ts';
import { findTrace } from './queries/find-trace.ts';

const clickhouse = useClickhouse();
// The first look at what was replaced comes 30 seconds after a table was opened, unless it is opened again.
beforeAll(async () => {
  for (const table of ['spans', 'contents', 'trace_index', 'repriced']) {
    await clickhouse.get().command(`DETACH TABLE ${table}`);
    await clickhouse.get().command(`ATTACH TABLE ${table}`);
  }
});
const queries = () => erasureQueries(clickhouse.get(), async () => undefined);
const until = { beforeMs: Date.UTC(2026, 5, 1), isTestOnly: false };

const digestOf = (name: string) => name.replaceAll(' ', '_').padEnd(43, '0');
const content = (project: string, name: string): ContentRow => ({
  project_id: project,
  digest: digestOf(name),
  content: JSON.stringify(`this is ${name}`),
  stored_at: '2026-05-01T10:00:00.000Z',
});

/** A call that spoke of these contents, and its attempt. */
function call(project: string, index: number, { says, ...changes }: Partial<SpanRow> & { says: string[] }) {
  const span = numberedSpan(index, {
    project_id: project,
    capture: 'full',
    request: JSON.stringify(says.map((name) => ({ $content: digestOf(name) }))),
    content_digests: says.map(digestOf),
    ...changes,
  });
  const attempt: SpanRow = {
    ...span,
    kind: 'attempt',
    span_id: `a${span.span_id.slice(1)}`,
    parent_span_id: span.span_id,
    tags: [],
    request: '',
    content_digests: [],
  };
  return [span, attempt];
}

const load = (token: string, spans: SpanRow[], contents: ContentRow[]) =>
  createLoadSegment(clickhouse.get())(segment(token, spans, contents));
const traceIdOf = (index: number) => index.toString(16).padStart(32, '0');
const read = async (project: string, index: number) => {
  const trace = await findTrace(clickhouse.get())(project, traceIdOf(index));
  return trace?.request;
};

async function erase(project: string, filter: Parameters<ReturnType<typeof queries>['stageErasure']>[1]) {
  const { jobId } = filter;
  const q = queries();
  await q.stageErasure(project, filter);
  await q.eraseSpans(project, { jobId });
  const storedBeforeMs = (await q.readClock()) + 1;
  await q.restoreTraceIndex(project, { jobId });
  const gone = await q.eraseContents(project, { jobId, storedBeforeMs });
  const left = await q.countStagedLeft(project, { jobId, storedBeforeMs });
  await q.endErasure(jobId);
  return { gone, left };
}

test('what one user said is gone with its attempts, and what others said too is still theirs', async () => {
  const project = 'by-user';
  await load(
    'by-user',
    [
      ...call(project, 1, { says: ['shared', 'of ann'], user_id: 'ann' }),
      ...call(project, 2, { says: ['shared', 'of bob'], user_id: 'bob' }),
    ],
    ['shared', 'of ann', 'of bob'].map((name) => content(project, name)),
  );
  const filter = { filter: { user: 'ann' }, ...until };
  expect(await queries().countErasable(project, filter)).toMatchObject({ traces: 1, spans: 2, contents: 1 });
  const { gone, left } = await erase(project, { ...filter, jobId: 'del_user' });
  expect(gone).toMatchObject({ contents: 1 });
  expect(left).toEqual({ spans: 0, repriced: 0, traceIndex: 0, contents: 0, received: 0 });
  expect(await read(project, 1)).toBeUndefined();
  expect(await read(project, 2)).toEqual(['this is shared', 'this is of bob']);
  expect(await queries().readStorageUse(project)).toMatchObject({ traces: 1, spans: 2, contents: 2 });
});

test('session, tag, time and mode are kept apart, and all that is named must hold', async () => {
  const project = 'by-more';
  await load(
    'by-more',
    [
      ...call(project, 1, { says: ['a'], user_id: 'ann', session_id: 's1', tags: ['x'] }),
      ...call(project, 2, { says: ['b'], user_id: 'ann', session_id: 's2', tags: ['x', 'y'] }),
      ...call(project, 3, { says: ['c'], user_id: 'ann', session_id: 's2', mode: 'test' }),
    ],
    ['a', 'b', 'c'].map((name) => content(project, name)),
  );
  const count = async (filter: object, isTestOnly = false) =>
    await queries().countMatchingCalls(project, { filter, ...until, isTestOnly });
  expect(await count({ user: 'ann' })).toBe(3);
  expect(await count({ user: 'ann', session: 's2' })).toBe(2);
  expect(await count({ session: 's2', tag: 'y' })).toBe(1);
  expect(await count({ user: 'ann' }, true)).toBe(1);
  expect(await count({ from: '2026-05-01T00:00:02Z', to: '2026-05-01T00:00:03Z' })).toBe(1);
  expect(await count({ trace_id: traceIdOf(3) })).toBe(1);
  await erase(project, { filter: { tag: 'y' }, ...until, jobId: 'del_tag' });
  expect(await Promise.all([1, 2, 3].map((index) => read(project, index)))).toEqual([
    ['this is a'],
    undefined,
    ['this is c'],
  ]);
});

test('a content that comes again while the rest is deleted stays', async () => {
  const project = 'race';
  await load('race-1', call(project, 1, { says: ['c'], user_id: 'ann' }), [content(project, 'c')]);
  const q = queries();
  const job = { filter: { user: 'ann' }, ...until, jobId: 'del_race' };
  await q.stageErasure(project, job);
  await q.eraseSpans(project, job);
  const storedBeforeMs = await q.readClock();
  // Nothing refers to the content now: it comes again, and the span that speaks of it follows later.
  await load('race-2', [], [content(project, 'c')]);
  await q.eraseContents(project, { jobId: job.jobId, storedBeforeMs });
  await clickhouse.get().command('OPTIMIZE TABLE contents FINAL');
  await load('race-3', call(project, 2, { says: ['c'], user_id: 'bob' }), []);
  expect(await read(project, 2)).toEqual(['this is c']);
});

test('contents that nothing refers to are found, whatever their number, and others are not', async () => {
  const project = 'orphans';
  await load('orphans', call(project, 1, { says: ['used'] }), [
    content(project, 'used'),
    content(project, 'lost'),
  ]);
  const q = queries();
  const job = { jobId: 'swp_orphans', storedBeforeMs: (await q.readClock()) + 1 };
  expect(await q.stageOrphans(project, job)).toBe(1);
  expect(await q.eraseContents(project, job)).toMatchObject({ contents: 1 });
  expect(await read(project, 1)).toEqual(['this is used']);
  expect(await q.readStorageUse(project)).toMatchObject({ contents: 1 });
});

test('older spans lose what was said, and then themselves', async () => {
  const project = 'ages';
  await load(
    'ages',
    [
      ...call(project, 1, { says: ['old'], input_preview: 'old words' }),
      ...call(project, 100, { says: ['new'] }),
    ],
    ['old', 'new'].map((name) => content(project, name)),
  );
  const q = queries();
  const due = { projectIds: ['other', project], beforeMs: Date.UTC(2026, 4, 1, 0, 0, 50) };
  expect(await q.blankSpans(due)).toEqual([project]);
  expect(await q.blankSpans(due)).toEqual([]);
  const blanked = await findTrace(clickhouse.get())(project, traceIdOf(1));
  expect(blanked).toMatchObject({ request: null, capture: 'metadata', summary: { input_preview: '' } });
  expect(await read(project, 100)).toEqual(['this is new']);
  expect(await q.expireSpans(due)).toEqual([project]);
  expect(await q.expireSpans(due)).toEqual([]);
  expect(await read(project, 1)).toBeUndefined();
  expect(await read(project, 100)).toEqual(['this is new']);
});

test('the moment from which contents fit is the hour after the last that does not', async () => {
  const project = 'size';
  const big = (name: string): ContentRow => ({
    ...content(project, name),
    content: JSON.stringify('x'.repeat(998)),
  });
  await load(
    'size',
    [0, 1, 2].flatMap((hour) => call(project, hour * 3_600, { says: [`h${hour}`] })),
    ['h0', 'h1', 'h2'].map(big),
  );
  const q = queries();
  expect(await q.findContentCutoff(project, { bytesMax: 3_000 })).toBeUndefined();
  expect(await q.findContentCutoff(project, { bytesMax: 2_999 })).toBe(Date.UTC(2026, 4, 1, 1));
  expect(await q.findContentCutoff(project, { bytesMax: 1_500 })).toBe(Date.UTC(2026, 4, 1, 2));
});

test('calls are handed out oldest first, page after page, with what they said', async () => {
  const project = 'export';
  await load(
    'export',
    [1, 2, 3].flatMap((index) =>
      call(project, index, { says: ['same', `of ${index}`], user_id: `u${index % 2}` }),
    ),
    ['same', 'of 1', 'of 2', 'of 3'].map((name) => content(project, name)),
  );
  const pages: unknown[] = [];
  let after: string | undefined;
  do {
    const page = await queries().listCallsToExport(project, { filter: {}, ...until, after, limit: 2 });
    pages.push(page.calls.map((each) => [each.request, each.attempts.length]));
    after = page.next;
  } while (after !== undefined);
  expect(pages).toEqual([
    [
      [['this is same', 'this is of 1'], 1],
      [['this is same', 'this is of 2'], 1],
    ],
    [[['this is same', 'this is of 3'], 1]],
  ]);
});

test('parts that were replaced leave the disk, and nothing of what was deleted is in any part', async () => {
  const q = queries();
  const beforeS = Math.ceil((await q.readClock()) / 1_000);
  await expect.poll(() => q.countReplacedParts(beforeS), { timeout: 60_000, interval: 250 }).toBe(0);
}, 70_000);
