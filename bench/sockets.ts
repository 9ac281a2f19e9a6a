import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type CallerDialectId, dialects } from '@app/protocol';
import { listSamples } from '@app/protocol/test/fuzz/list-samples.ts';
import { type FuzzingUpstream, openFuzzingUpstream } from '../apps/server/test/open-fuzzing-upstream.ts';
import {
  GOOD_MODEL,
  modelOf,
  playOverSockets,
  type SocketFindings,
} from '../apps/server/test/play-over-sockets.ts';
import { untilLoaded } from '../apps/server/test/read-all-traces.ts';
import { createKey, eventually, makePlace, startProcess } from '../apps/server/test/start-process.ts';

/**
 * Lets a provider send what none should to a server in a process of its own, and looks at its replies, its output and
 * its memory. `npm run soak -- --sockets 20000 --seed 1`. Ends with status 1 when something is wrong.
 */
const { values: options } = parseArgs({
  options: { sockets: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
});
const count = Number(options.sockets);
const seed = Number(options.seed);
const CHUNKS = 10;
const LANES = 16;
/** What caches, pools and compiled code may still take after the first tenth. */
const GROWTH_MB_MAX = 150;

const print = (line: string) => process.stdout.write(`${line}\n`);
const upstream = await openFuzzingUpstream();
// With a small heap, whatever a call leaves behind shows; with a large one the collector takes its time.
const place = makePlace(configOf(upstream), {
  NODE_OPTIONS: '--max-old-space-size=128 --max-semi-space-size=8',
});
const server = await startProcess(place);
let hasEnded = false;
server.ended.then(() => {
  hasEnded = true;
});
const key = await createKey(place, 'live');
const samples = listSamples();
const sum: SocketFindings = { played: 0, outcomes: {}, breaches: [] };
const memoryMb: number[] = [];
const startedMs = performance.now();

for (let chunk = 0; chunk < CHUNKS && !hasEnded; chunk += 1) {
  const size = Math.ceil(count / CHUNKS);
  const access = { url: server.url, key, upstream, samples, seed };
  const isServed = ({ framing, dialect }: { framing: string; dialect: string }) =>
    framing === 'sse' && dialect in dialects;
  add(await playOverSockets({ ...access, from: chunk * size, count: size, lanes: LANES, isServed }));
  memoryMb.push(residentMb(server.pid));
  print(`${sum.played} cases, ${sum.breaches.length} failures, ${memoryMb.at(-1)} MB resident`);
}
if (hasEnded) sum.breaches.push(`the server ended: ${server.output().slice(-2_000)}`);
if (server.output().includes('nobody foresaw')) sum.breaches.push(server.output().slice(-2_000));
await eventually(() => (upstream.openCount() === 0 ? true : undefined)).catch(() =>
  sum.breaches.push(`${upstream.openCount()} answers are still listened to`),
);
const status = await untilLoaded({ url: server.url, key }, 300_000);
if (status.dropped_records > 0) sum.breaches.push(`${status.dropped_records} records were dropped`);
const growthMb = (memoryMb.at(-1) ?? 0) - (memoryMb[0] ?? 0);
if (growthMb > GROWTH_MB_MAX) sum.breaches.push(`the server grew by ${growthMb} MB`);
await server.stop();
await upstream.close();
place.remove();

print(
  `\n${sum.played} cases in ${Math.round((performance.now() - startedMs) / 1_000)} s, each with a good call behind it`,
);
print(`outcomes: ${JSON.stringify(sum.outcomes)}`);
print(`resident after each tenth: ${memoryMb.join(', ')} MB`);
print(`failures: ${sum.breaches.length}`);
for (const breach of sum.breaches.slice(0, 50)) print(`  ${breach}`);
process.exitCode = sum.breaches.length === 0 ? 0 : 1;

function add({ played, outcomes, breaches }: SocketFindings): void {
  sum.played += played;
  sum.breaches.push(...breaches);
  for (const [name, found] of Object.entries(outcomes))
    sum.outcomes[name] = (sum.outcomes[name] ?? 0) + found;
}

function residentMb(pid: number): number {
  const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(found?.[1] ?? 0) / 1_024);
}

/** A provider of each dialect at one address, and waits short enough for one that says nothing more. */
function configOf({ url, goodUrl }: FuzzingUpstream): string {
  const ids = (Object.keys(dialects) as CallerDialectId[]).map((dialect) => ({
    dialect,
    id: modelOf({ dialect, framing: 'sse' }),
  }));
  return [
    'providers:',
    ...ids.flatMap(({ id, dialect }) => [
      `  - { id: ${id}, dialect: ${dialect}, base_url: "${url}/v1", models: [${id}] }`,
    ]),
    `  - { id: the-good-one, dialect: openai-chat, base_url: "${goodUrl}/v1", models: [${GOOD_MODEL}] }`,
    'models:',
    ...ids.map(({ id }) => `  - { id: ${id}/${id}, price: { input: 1, output: 2 } }`),
    'allow_private_hosts: [127.0.0.1]',
    'defaults:',
    '  requests_per_minute: 10000000',
    '  concurrency: 10000',
    '  first_byte_timeout_seconds: 4',
    '  whole_reply_timeout_seconds: 4',
    '  idle_timeout_seconds: 4',
    '',
  ].join('\n');
}
