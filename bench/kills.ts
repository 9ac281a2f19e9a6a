import { parseArgs } from 'node:util';
import { openFakeUpstream, playsOpenAi } from '@app/testkit';
import { type CallLoad, openCallLoad } from '../apps/server/test/open-call-load.ts';
import { providerConfig } from '../apps/server/test/provider-config.ts';
import {
  compareTraces,
  countRows,
  readAllTraces,
  readTrace,
  untilLoaded,
} from '../apps/server/test/read-all-traces.ts';
import {
  createKey,
  killChild,
  makePlace,
  type ServerProcess,
  spawnServer,
  startProcess,
} from '../apps/server/test/start-process.ts';

/**
 * Kills the server again and again while it is under load, on one data folder, then looks for every call that a client
 * had whole. `npm run soak -- --kills 50`. Ends with status 1 when one is missing, is there twice or says something else.
 */
const { values: options } = parseArgs({
  options: { kills: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } },
});
const kills = Number(options.kills);
const random = createRandom(Number(options.seed));
const print = (line: string) => process.stdout.write(`${line}\n`);
const counts = { load: 0, withStores: 0, starting: 0, stopping: 0 };
const readyMs: number[] = [];

const upstream = await openFakeUpstream(
  playsOpenAi({ text: 'A reply in pieces. '.repeat(8) }, { pieceBytes: 400 }),
);
const place = makePlace(providerConfig(upstream.url));
let server = await start();
const key = await createKey(place, 'live');
const load = openCallLoad({ live: key, test: await createKey(place, 'test') });

for (let kill = 0; kill < kills; kill += 1) {
  load.aim(server.url);
  await Promise.race([untilKillTime(load), server.ended.then(stopsByItself)]);
  await killOnce(kill);
  load.aim(undefined);
  await maybeKillStart(kill);
  server = await start();
  if (kill % 5 === 4) print(`${kill + 1} kills, ${load.acknowledged.length} calls acknowledged`);
}
load.aim(server.url);
await load.more(40);
const [unsettled, failures] = [load.failures.length, [...load.failures]];
await load.stop();
const isGood = await judge();
await server.stop();
await upstream.close();
place.remove();
process.exitCode = isGood ? 0 : 1;

async function start(): Promise<ServerProcess> {
  const startedMs = performance.now();
  const started = await startProcess(place);
  readyMs.push(performance.now() - startedMs);
  return started;
}

/** After a few calls at least, then at any moment: while a segment is written, sealed, loaded or deleted. */
async function untilKillTime({ more }: CallLoad): Promise<void> {
  await more(10 + Math.floor(random() * 60));
  await new Promise((resolve) => setTimeout(resolve, random() * 1_500));
}

function stopsByItself(): never {
  throw new Error(`The server ended although nobody killed it: ${server.output()}`);
}

/** Most often the server alone; sometimes the stores with it, sometimes while it stops. */
async function killOnce(kill: number): Promise<void> {
  counts.load += 1;
  if (kill % 5 === 2) {
    counts.withStores += 1;
    for (const name of ['postgres', 'clickhouse'] as const) killChild(place, name);
  }
  if (kill % 5 === 4) {
    counts.stopping += 1;
    server.askToStop();
    await new Promise((resolve) => setTimeout(resolve, random() * 300));
  }
  await server.kill();
}

async function maybeKillStart(kill: number): Promise<void> {
  if (kill % 7 !== 3) return;
  counts.starting += 1;
  const started = spawnServer(place);
  await new Promise((resolve) => setTimeout(resolve, random() * (readyMs.at(-1) ?? 1_000)));
  await started.kill();
}

async function judge(): Promise<boolean> {
  const access = { url: server.url, key };
  const startedMs = performance.now();
  const status = await untilLoaded(access, 300_000);
  const traces = await readAllTraces(access);
  const readMs = Math.round(performance.now() - startedMs);
  const { missing, repeated, different } = compareTraces(load.acknowledged, traces);
  const partial = await countPartial(traces.map(({ trace_id }) => trace_id));
  const [rows, spans] = await countRows(
    place,
    'SELECT count(), uniqExact(project_id, trace_id, span_id) FROM spans',
  );
  const kinds = new Map<string, number>();
  for (const { kind } of load.acknowledged) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  print(`kills: ${JSON.stringify(counts)}`);
  print(`acknowledged calls: ${load.acknowledged.length} ${JSON.stringify(Object.fromEntries(kinds))}`);
  print(
    `calls that a kill cut off, as their clients saw it: ${unsettled} ${JSON.stringify(summaryOf(failures))}`,
  );
  print(`traces readable: ${traces.length}, loaded and listed within ${readMs} ms`);
  print(`missing: ${missing.length}, repeated: ${repeated.length}, other status: ${different.length}`);
  print(`of the newest traces, without their attempt or content: ${partial}`);
  print(`rows stored: ${rows}, distinct spans: ${spans}`);
  print(`dropped: ${status.dropped_records}, set aside: ${status.set_aside_segments}`);
  const sorted = readyMs.toSorted((a, b) => a - b).map(Math.round);
  print(`start to ready: median ${sorted[sorted.length >> 1]} ms, longest ${sorted.at(-1)} ms`);
  for (const call of [...missing, ...different].slice(0, 20)) print(JSON.stringify(call));
  const faults = [missing.length, repeated.length, different.length, partial, status.set_aside_segments];
  return faults.every((count) => count === 0) && rows === spans && load.acknowledged.length > kills;
}

/** How many of the newest traces lack a span or their content. */
async function countPartial(traceIds: readonly string[]): Promise<number> {
  let partial = 0;
  const left = traceIds.slice(0, 1_000);
  const read = async () => {
    for (let traceId = left.pop(); traceId !== undefined; traceId = left.pop()) {
      const { spans, request, summary } = await readTrace({ url: server.url, key }, traceId);
      const expected = summary.status === 404 ? 1 : 2;
      if (spans.length !== expected || !JSON.stringify(request).includes('call ')) partial += 1;
    }
  };
  await Promise.all([read(), read(), read(), read()]);
  return partial;
}

function summaryOf(failed: readonly string[]): { [reason: string]: number } {
  const summary: { [reason: string]: number } = {};
  for (const failure of failed) {
    const reason = failure
      .replace(/^[^:]*: /, '')
      .replace(/ECONNREFUSED.*/, 'ECONNREFUSED')
      .slice(0, 60);
    summary[reason] = (summary[reason] ?? 0) + 1;
  }
  return summary;
}

/** Numbers from 0 to 1 that are the same for the same seed (the generator known as mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
