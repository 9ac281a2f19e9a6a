import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { otlpBody } from '../apps/server/test/otlp-body.ts';
import { countRows, untilLoaded } from '../apps/server/test/read-all-traces.ts';
import {
  createKey,
  findChildPid,
  makePlace,
  runCli,
  startProcess,
} from '../apps/server/test/start-process.ts';

/**
 * Sends spans to a server whose trace store is away: half the time it hangs, then it dies whenever it is started. Once it may live again,
 * every span that was acknowledged has to be there, once. `npx node bench/ingest-outage.ts --minutes 10`.
 */
const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    'batches-per-second': { type: 'string', default: '10' },
  },
});
const outageMs = Number(options.minutes) * 60_000;
const everyMs = 1_000 / Number(options['batches-per-second']);
const SPANS = 50;
const print = (line: string) => process.stdout.write(`${line}\n`);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const place = makePlace('defaults:\n  requests_per_minute: 10000000\n');
const server = await startProcess(place);
const reader = { url: server.url, key: await createKey(place, 'live') };
const key = (await runCli(place, ['keys', 'create', '--name', 'sender', '--kind', 'ingest'])).stdout.trim();
const acknowledged = new Set<string>();
let refused = 0;
let isOver = false;

const sending = run();
await pause(2_000);
const startedMs = performance.now();
const passedMs = () => performance.now() - startedMs;
print('the store hangs, and so does whatever is started in its place');
await signal('SIGSTOP', outageMs / 2);
print(`the store dies whenever it is started; ${acknowledged.size} batches acknowledged, ${refused} refused`);
await signal('SIGKILL', outageMs);
isOver = true;
await sending;
const waiting = performance.now();
print(`the store may live again; ${acknowledged.size} batches acknowledged, ${refused} refused`);
const status = await untilLoaded(reader, 600_000);
print(`all loaded after ${Math.round((performance.now() - waiting) / 1_000)} s; ${JSON.stringify(status)}`);
const [found = 0, distinct = 0] = await countRows(
  place,
  'SELECT count(), uniqExact(trace_id, span_id) FROM spans FINAL',
);
const wanted = acknowledged.size * SPANS;
print(`acknowledged spans: ${wanted}, stored: ${found}, distinct: ${distinct}`);
await server.stop();
place.remove();
process.exitCode = found === wanted && distinct === found ? 0 : 1;

async function signal(name: 'SIGSTOP' | 'SIGKILL', untilMs: number): Promise<void> {
  while (passedMs() < untilMs) {
    const pid = findChildPid(place, 'clickhouse');
    if (pid !== undefined) process.kill(pid, name);
    await pause(200);
  }
}

async function run(): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  while (!isOver) {
    const traceId = randomBytes(16).toString('hex');
    const body = otlpBody(Array.from({ length: SPANS }, () => ({ traceId })));
    const reply = await fetch(`${server.url}/v1/traces`, { method: 'POST', body, headers }).catch(
      () => undefined,
    );
    await reply?.text();
    if (reply?.status === 200) acknowledged.add(traceId);
    else refused += 1;
    await pause(everyMs);
  }
}
