import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { makeCall } from '../test/make-call.ts';
import { createMemoryStore } from '../test/memory-store.ts';
import { createFolder, createSpool, KEY } from '../test/spool-folder.ts';
import { resolveContents } from './contents.ts';
import { type LoaderLimits, openLoader } from './loader.ts';
import { createRecorder } from './recorder.ts';
import type { SpoolOptions } from './spool.ts';

const CONTENT_KEY = Buffer.from('fedcba9876543210fedcba9876543210');

test('a recorded call becomes its rows, whole and with every column', async () => {
  const { recorder, loader, store, spool } = createTracing();
  recorder.recordCall(makeCall(1));
  expect(await loader.drain(60_000)).toBe(true);
  const [call, attempt] = store.spans;
  expect(store.spans).toHaveLength(2);
  expect(call).toEqual({
    organization_id: 'org_1',
    project_id: 'proj_1',
    trace_id: '1'.padStart(32, '0'),
    span_id: '1'.padStart(16, 'c'),
    parent_span_id: '',
    version: 1_760_000_000_301,
    kind: 'call',
    name: '/v1/chat/completions',
    request_id: 'req_1',
    key_id: 'key_1',
    mode: 'live',
    environment: 'production',
    user_id: 'someone',
    session_id: '',
    route: '/v1/chat/completions',
    dialect: 'openai-chat',
    stream: false,
    started_at: '2025-10-09T08:53:20.001250000Z',
    ended_at: '2025-10-09T08:53:20.301750000Z',
    duration_us: 300_500,
    ttft_us: 120_125,
    status: 200,
    outcome: 'ok',
    error_code: '',
    error_message: '',
    provider: 'openai',
    model: 'gpt-x',
    model_asked: 'fast',
    credential: '',
    tags: [],
    source: 'gateway',
    type: 'generation',
    trace_name: '',
    gateway_request_id: '',
    service: '',
    release: '',
    prompt_name: '',
    prompt_version: '',
    prompt_digest: '',
    tool_name: '',
    finish_reason: '',
    given_cost_nanos: null,
    redactions: '',
    attributes: '',
    convention: '',
    mapping_version: 0,
    received_at: '1970-01-01T00:00:00.000Z',
    limit_refused: '',
    limit_refused_name: '',
    limit_routed: '',
    limit_routed_name: '',
    output_cap: null,
    input_fresh: 12,
    input_cache_read_audio: null,
    input_cache_read_image: null,
    service_tier: '',
    geo: '',
    tool_uses: '',
    sound_ms: null,
    usage_estimated: false,
    input_cache_read: null,
    input_cache_write: null,
    input_cache_write_1h: null,
    input_audio: null,
    input_image: null,
    output_text: 7,
    output_thinking: null,
    output_audio: null,
    output_image: null,
    cost_nanos: 1_250,
    cost_label: 'exact',
    price_version: 'table@2026-01-01',
    losses: '[]',
    capture: 'full',
    request: expect.stringMatching(/^\{"model":"fast","messages":\[\{"\$content":"[\w-]{43}"\}\]\}$/),
    reply: expect.stringContaining('"parts":[{"$content":"'),
    content_digests: [expect.stringMatching(/^[\w-]{43}$/), expect.stringMatching(/^[\w-]{43}$/)],
    input_preview: 'question 1',
    output_preview: 'answer 1',
  });
  expect(Object.keys(attempt ?? {}).sort()).toEqual(Object.keys(call ?? {}).sort());
  expect(store.traceIndex).toHaveLength(1);
  expect(resolveContents(call?.request ?? '', store.contentOf)).toBe(makeCall(1).request);
  expect(JSON.parse(resolveContents(call?.reply ?? '', store.contentOf))).toEqual(makeCall(1).reply);
  expect(loader.stats()).toMatchObject({ loadedCalls: 1, loadedSpans: 2, loadedContents: 2, lagMs: 0 });
  expect(spool.stats().segments).toBe(0);
});

test('a message that many calls carry is stored once in a project, and each project has its own digest for it', async () => {
  const { recorder, loader, store } = createTracing();
  const history = Array.from({ length: 20 }, (_, turn) => ({ role: 'user', content: `turn ${turn}` }));
  for (let turns = 1; turns <= 20; turns += 1) {
    recorder.recordCall(makeCall(turns, { request: requestOf(history.slice(0, turns)), reply: undefined }));
    if (turns % 7 === 0) expect(await loader.drain(60_000)).toBe(true);
  }
  expect(await loader.drain(60_000)).toBe(true);
  expect(store.contents).toHaveLength(20);
  recorder.recordCall(
    makeCall(99, { projectId: 'proj_2', request: requestOf(history.slice(0, 1)), reply: undefined }),
  );
  expect(await loader.drain(60_000)).toBe(true);
  const same = store.contents.filter(({ content }) => content.includes('turn 0'));
  expect(same.map(({ project_id }) => project_id)).toEqual(['proj_1', 'proj_2']);
  expect(new Set(same.map(({ digest }) => digest)).size).toBe(2);
});

test('a content counts as stored only after the store said so', async () => {
  const { recorder, loader, store, time } = createTracing();
  let refusals = 1;
  store.beforeStoring(() => {
    if (refusals-- > 0) throw new Error('down');
  });
  recorder.recordCall(makeCall(1));
  const drained = loader.drain(60_000);
  await passBackOff(time, 200);
  expect(await drained).toBe(true);
  expect(store.contents).toHaveLength(2);
});

test('a segment larger than one load is divided, and each part has its own token', async () => {
  const { recorder, loader, store } = createTracing({}, { loadBytesMax: 20_000 });
  const sizes: number[] = [];
  store.beforeStoring(({ spans, contents, traceIndex }) => {
    sizes.push(spans.length + contents.length + traceIndex.length);
  });
  for (let number = 1; number <= 50; number += 1) {
    recorder.recordCall(
      makeCall(number, { request: requestOf([{ role: 'user', content: 'x'.repeat(900 + number) }]) }),
    );
  }
  expect(await loader.drain(60_000)).toBe(true);
  expect(store.tokens.length).toBeGreaterThan(5);
  expect(new Set(store.tokens).size).toBe(store.tokens.length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(20_000);
  expect(store.spans).toHaveLength(100);
  expect(store.traceIndex).toHaveLength(50);
});

test('while the store is down the wait doubles up to its bound, and nothing is lost or doubled when it is back', async () => {
  const { recorder, loader, store, time, spool } = createTracing();
  let isDown = true;
  store.beforeStoring(() => {
    if (isDown) throw new Error('down');
  });
  for (let number = 1; number <= 3; number += 1) {
    recorder.recordCall(makeCall(number));
    spool.seal();
  }
  for (const waitMs of [200, 400, 800, 1_600, 3_200, 5_000, 5_000]) await passBackOff(time, waitMs);
  await until(() => expect(loader.stats().failures).toBe(8));
  expect(loader.stats()).toMatchObject({ loadedCalls: 0, pendingSegments: 3, lagMs: 16_200 });
  isDown = false;
  expect(await loader.drain(60_000)).toBe(true);
  expect(
    store.spans
      .filter(({ kind }) => kind === 'call')
      .map(({ request_id }) => request_id)
      .sort(),
  ).toEqual(['req_1', 'req_2', 'req_3']);
});

test('an answer that was lost, or a kill before the segment was deleted, repeats the same tokens', async () => {
  const first = createTracing({}, { loadBytesMax: 3_000 });
  first.store.afterStoring(() => new Promise(() => {}));
  for (let number = 1; number <= 10; number += 1) first.recorder.recordCall(makeCall(number));
  first.spool.seal();
  await until(() => expect(first.store.tokens).toHaveLength(1));
  await first.loader.close();

  const second = createTracing({ dir: first.dir }, { loadBytesMax: 3_000 });
  expect(await second.loader.drain(60_000)).toBe(true);
  expect(second.store.tokens[0]).toBe(first.store.tokens[0]);
  expect(second.store.spans.slice(0, first.store.spans.length)).toEqual(first.store.spans);
  expect(second.store.spans).toHaveLength(20);
});

test('a poison record is counted and set aside still encrypted, and the records around it are loaded', async () => {
  const { recorder, loader, store, spool, dir } = createTracing();
  recorder.recordCall(makeCall(1));
  spool.append('neither JSON nor a call');
  spool.append('{"format":1,"attempts":[],"traceId":"ab"}');
  recorder.recordCall(makeCall(2));
  expect(await loader.drain(60_000)).toBe(true);
  expect(store.spans.map(({ request_id }) => request_id)).toEqual(['req_1', 'req_1', 'req_2', 'req_2']);
  expect(loader.stats()).toMatchObject({ poisonRecords: 2, setAsideSegments: 1, lagMs: 0 });
  const [file = ''] = readdirSync(join(dir, 'quarantine'));
  expect(readFileSync(join(dir, 'quarantine', file), 'latin1')).not.toContain('neither JSON');
});

test('a damaged segment gives what is before the damage and does not hold up the next one', async () => {
  const { recorder, loader, store, spool } = createTracing();
  recorder.recordCall(makeCall(1));
  spool.seal();
  const [damaged] = spool.listSealed();
  appendFileSync(damaged?.path ?? '', 'twelve bytes of noise');
  recorder.recordCall(makeCall(2));
  expect(await loader.drain(60_000)).toBe(true);
  expect(store.spans.filter(({ kind }) => kind === 'call')).toHaveLength(2);
  expect(loader.stats()).toMatchObject({ setAsideSegments: 1, pendingSegments: 0 });
});

test('a segment that cannot be read at all is given up after three tries while others are loaded', async () => {
  const dir = createFolder();
  // A folder in the place of the file: reading fails, moving it aside does not.
  mkdirSync(join(dir, '1700000000000-0000000000000000.segment'));
  const { recorder, loader, store, time } = createTracing({ dir });
  recorder.recordCall(makeCall(2));
  const drained = loader.drain(60_000);
  await passBackOff(time, 200);
  await passBackOff(time, 400);
  expect(await drained).toBe(true);
  expect(store.spans[0]?.request_id).toBe('req_2');
  expect(loader.stats()).toMatchObject({ failures: 3, setAsideSegments: 1, pendingSegments: 0 });
});

test('a row that the store refuses costs no other: it is counted and told, and its segment is set aside', async () => {
  const { recorder, loader, store, spool, log } = createTracing();
  store.refuse({ table: 'spans', code: '27' });
  recorder.recordCall(makeCall(1));
  expect(await loader.drain(60_000)).toBe(true);
  const stats = { failures: 0, refusedRows: 1, loadedSegments: 1, setAsideSegments: 1, pendingSegments: 0 };
  expect(loader.stats()).toMatchObject(stats);
  expect(store.spans[0]?.request_id).toBe('req_1');
  expect(spool.listSealed()).toEqual([]);
  expect(log.lines.join()).toContain('refused a row');
  recorder.recordCall(makeCall(2));
  expect(await loader.drain(60_000)).toBe(true);
  expect(loader.stats()).toMatchObject({ refusedRows: 1, loadedSegments: 2, setAsideSegments: 1 });
});

test('half a surrogate pair from a caller reaches the store as a replacement character', async () => {
  const { recorder, loader, store } = createTracing();
  recorder.recordCall(makeCall(1, { userId: 'half \ud83d', errorMessage: '\udc00' }));
  expect(await loader.drain(60_000)).toBe(true);
  expect(store.spans[0]).toMatchObject({ user_id: 'half \ufffd', error_message: '\ufffd' });
});

test('draining ends with false when the store does not answer in time, and the records stay', async () => {
  const { recorder, loader, store, time, spool } = createTracing();
  store.beforeStoring(() => {
    throw new Error('down');
  });
  recorder.recordCall(makeCall(1));
  const drained = loader.drain(1_000);
  await until(() => expect(loader.stats().failures).toBeGreaterThan(0));
  time.pass(1_000);
  expect(await drained).toBe(false);
  expect(spool.listSealed()).toHaveLength(1);
});

test('what the loader logs quotes nothing of a record, even when the store does', async () => {
  const { recorder, loader, store, log, time } = createTracing();
  store.beforeStoring(() => {
    throw new Error('Cannot parse: question 1');
  });
  recorder.recordCall(makeCall(1));
  const drained = loader.drain(100);
  await until(() => expect(log.lines).toHaveLength(1));
  time.pass(100);
  await drained;
  expect(log.lines.join()).toContain('is tried again');
  expect(log.lines.join()).not.toContain('question');
});

function createTracing(spoolOptions: Partial<SpoolOptions> = {}, limits: Partial<LoaderLimits> = {}) {
  const { spool, time, log, dir } = createSpool(spoolOptions);
  const store = createMemoryStore();
  const loader = openLoader({
    ...{ spool, load: store.load, key: KEY, contentKey: CONTENT_KEY, nameKey: KEY, log, limits },
    ...{ clock: time.clock, schedule: time.schedule },
  });
  onTestFinished(() => loader.close());
  return { spool, time, log, dir, store, loader, recorder: createRecorder({ spool, log }) };
}

/** Waits until the loader waits for this long, then lets the time pass. */
async function passBackOff(
  time: { waiting(): number[]; pass(ms: number): void },
  waitMs: number,
): Promise<void> {
  await until(() => expect(time.waiting()).toContain(waitMs));
  time.pass(waitMs);
}

/** The thread is a real one, and the machine may be busy. */
function until(claim: () => void): Promise<void> {
  return vi.waitFor(claim, { timeout: 15_000 });
}

function requestOf(messages: unknown[]): string {
  return JSON.stringify({ model: 'fast', messages });
}
