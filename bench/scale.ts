import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openLocalClickhouse } from '@app/local-stack';
import { migrateClickhouse } from '../packages/store/src/clickhouse/migrate-clickhouse.ts';
import { type Clickhouse, openClickhouse } from '../packages/store/src/clickhouse/open-clickhouse.ts';
import { analyzeCalls } from '../packages/store/src/clickhouse/queries/analyze-calls.ts';
import { buildHours } from '../packages/store/src/clickhouse/queries/build-hours.ts';
import { findTrace } from '../packages/store/src/clickhouse/queries/find-trace.ts';
import { findTraceTree } from '../packages/store/src/clickhouse/queries/find-trace-tree.ts';
import { listPrompts } from '../packages/store/src/clickhouse/queries/list-prompts.ts';
import { listSessions } from '../packages/store/src/clickhouse/queries/list-sessions.ts';
import { listTraces } from '../packages/store/src/clickhouse/queries/list-traces.ts';
import { listUsers } from '../packages/store/src/clickhouse/queries/list-users.ts';
import { readOverview } from '../packages/store/src/clickhouse/queries/read-overview.ts';
import { fillSpans, projectId } from './scale/fill-spans.ts';

/**
 * How long the questions of the dashboard take on a store of many spans: `npm run bench:scale -- 10000000`. The store is the
 * embedded engine, encrypted as it always is, in a temporary folder that is removed afterwards. With `--keep DIR` it is filled
 * there and stays; `--use DIR` asks what was kept, after the migrations that came since. `--only TEXT` asks what has it in its
 * name, and `--spans` asks before anything is added up.
 */
const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    keep: { type: 'string' },
    use: { type: 'string' },
    only: { type: 'string' },
    spans: { type: 'boolean' },
  },
});
const spans = Number(positionals[0] ?? 10_000_000);
const rounds = Number(positionals[1] ?? 40);
const days = 30;
const nowMs = Date.UTC(2026, 5, 1);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const print = (line: string) => void process.stdout.write(`${line}\n`);

const kept = flags.keep ?? flags.use;
const dataDir = kept === undefined ? await mkdtemp(join(tmpdir(), 'scale-data-')) : resolve(kept);
const runDir = await mkdtemp(join(tmpdir(), 'scale-run-'));
const local = await openLocalClickhouse({ dataDir, runDir, key: await keyOf(dataDir), log: silent });
const clickhouse = openClickhouse({
  url: 'http://localhost',
  socketPath: local.socketPath,
  queryTimeoutMs: 60_000,
});
try {
  const begunMs = performance.now();
  const ran = await migrateClickhouse(clickhouse, () => 0);
  const tookS = () => Math.round((performance.now() - begunMs) / 1000);
  print(`${ran.length} migrations in ${tookS()} s`);
  if (flags.use === undefined) {
    const scale = { spans, contents: Math.ceil(spans / 20), fromMs: nowMs - days * 86_400_000, days };
    await fillSpans(clickhouse, scale, print);
  }
  await untilMerged(clickhouse);
  if (flags.spans !== true) {
    let hours = 0;
    for (let count = -1; count !== 0; hours += count)
      count = await buildHours(clickhouse)({ settledMs: -1_000, hoursMax: 24 });
    print(`${hours} hours added up in ${tookS()} s, cpu of all so far ${cpuMs() / 1000} s`);
  }
  print(`ready after ${tookS()} s; load ${loadavg().map((each) => each.toFixed(1))}`);
  for (const [name, ask] of Object.entries(await questionsOf(clickhouse))) {
    if (name.includes(flags.only ?? '')) await measure(name, ask);
  }
  print(`load at the end ${loadavg().map((each) => each.toFixed(1))}`);
} finally {
  await clickhouse.close();
  await local.stop();
  if (kept === undefined) await rm(dataDir, { recursive: true, force: true });
  await rm(runDir, { recursive: true, force: true });
}

/** A store that is kept is opened again with the key that it was made with. */
async function keyOf(folder: string): Promise<Buffer> {
  const file = join(folder, 'scale.key');
  if (flags.use !== undefined) return readFile(file);
  const key = randomBytes(32);
  await mkdir(folder, { recursive: true });
  await writeFile(file, key);
  return key;
}

async function questionsOf(store: Clickhouse): Promise<{ [name: string]: () => Promise<unknown> }> {
  const list = listTraces(store);
  const overview = readOverview(store);
  const analyze = analyzeCalls(store);
  const week = new Date(nowMs - 7 * 86_400_000).toISOString();
  const first = await list(projectId, { limit: 50, of: 'traces' });
  const traceId = first.data[7]?.trace_id ?? '';
  const oldest = await list(projectId, { limit: 5, to: new Date(nowMs - 20 * 86_400_000).toISOString() });
  const oldTraceId = oldest.data[0]?.trace_id ?? '';
  const stretch = { range: '30d', nowMs, limit: 50 } as const;
  const analysis = { ...stretch, order: 'cost' } as const;
  const lines = (search: object) => () => list(projectId, { limit: 50, ...search });
  return {
    'overview, 24 h': () => overview(projectId, { range: '24h', nowMs }),
    'overview, 7 d': () => overview(projectId, { range: '7d', nowMs }),
    'overview, 30 d': () => overview(projectId, { range: '30d', nowMs }),
    'calls, newest page': lines({}),
    'calls, next page': lines({ cursor: (await list(projectId, { limit: 50 })).next_cursor ?? '' }),
    'calls, page of failures': lines({ status: 'error' }),
    'calls, filter': lines({ filter: 'model:claude-* cost>0.02 duration>2s -environment:production' }),
    'calls of one user': lines({ filter: 'user:user_42' }),
    'traces, newest page': lines({ of: 'traces' }),
    'traces, next page': lines({ of: 'traces', cursor: first.next_cursor ?? '' }),
    'traces, filter': lines({ of: 'traces', filter: 'type:tool has:error' }),
    'traces of one user': lines({ of: 'traces', filter: 'user:user_42' }),
    'spans, newest page': lines({ of: 'spans' }),
    'a trace by id': () => findTrace(store)(projectId, traceId),
    'an old trace by id': () => findTrace(store)(projectId, oldTraceId),
    'a tree by id': () => findTraceTree(store)(projectId, oldTraceId),
    'search a week, rare text of contents': lines({ search: 'zanzibar needle', from: week }),
    'search a week, absent text': lines({ search: 'unheard of', from: week }),
    'search a week, common text': lines({ search: 'chistoan', from: week }),
    'search a week for traces, rare': lines({ of: 'traces', search: 'zanzibar needle', from: week }),
    'analysis by model, 30 d': () => analyze(projectId, { ...analysis, by: ['model'], series: 'cost' }),
    'analysis by user, 30 d': () => analyze(projectId, { ...analysis, by: ['user_id'] }),
    'analysis by prompt, 30 d': () => analyze(projectId, { ...analysis, by: ['prompt_name'] }),
    'sessions, 7 d': () => listSessions(store)(projectId, { ...stretch, range: '7d' }),
    'users, 7 d': () => listUsers(store)(projectId, { ...stretch, range: '7d' }),
    'users, 30 d': () => listUsers(store)(projectId, stretch),
    'prompts, 7 d': () => listPrompts(store)(projectId, { ...stretch, range: '7d' }),
    'prompts, 30 d': () => listPrompts(store)(projectId, stretch),
  };
}

async function measure(name: string, ask: () => Promise<unknown>): Promise<void> {
  await ask();
  const times: number[] = [];
  const cpuBefore = cpuMs();
  for (let round = 0; round < rounds; round += 1) {
    const begunMs = performance.now();
    await ask();
    times.push(performance.now() - begunMs);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.max(0, Math.ceil(share * times.length) - 1)] ?? 0).toFixed(0);
  const cpu = ((cpuMs() - cpuBefore) / rounds).toFixed(0);
  print(
    `${name.padEnd(40)} best ${at(0).padStart(6)} ms   p50 ${at(0.5).padStart(6)} ms   p95 ${at(0.95).padStart(6)} ms   cpu ${cpu.padStart(6)} ms`,
  );
}

/** What the engine's process has used so far: on a machine with other work it tells more than the time that passed. */
function cpuMs(): number {
  const fields = readFileSync(`/proc/${local.pid()}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Parts are merged in the background; what is asked of a store at rest is measured. */
async function untilMerged(store: Clickhouse): Promise<void> {
  for (let tries = 0; tries < 1_800; tries += 1) {
    const [row] = await store.rows<{ running: string }>(
      'SELECT count() AS running FROM system.merges LIMIT 1',
      {},
    );
    if (row?.running === '0') return;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
