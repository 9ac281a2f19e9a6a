import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { otlpBody } from '../apps/server/test/otlp-body.ts';
import { countRows, untilLoaded } from '../apps/server/test/read-all-traces.ts';
import {
  createKey,
  killChild,
  makePlace,
  runCli,
  type ServerProcess,
  startProcess,
} from '../apps/server/test/start-process.ts';

/**
 * Kills a server that is sent spans again and again, now and then its stores with it, then looks for every span that was
 * acknowledged. What was not is sent again, as senders do. `npx node bench/ingest-kills.ts --kills 20`.
 */
const { values: options } = parseArgs({ options: { kills: { type: 'string', default: '20' } } });
const kills = Number(options.kills);
const SPANS = 50;
const print = (line: string) => process.stdout.write(`${line}\n`);
const place = makePlace('defaults:\n  requests_per_minute: 10000000\n');
let server: ServerProcess | undefined = await startProcess(place);
const reader = await createKey(place, 'live');
const made = await runCli(place, ['keys', 'create', '--name', 'sender', '--kind', 'ingest']);
const key = made.stdout.trim();
const acknowledged = new Set<string>();
let repeats = 0;
let isOver = false;

const senders = Array.from({ length: 4 }, run);
for (let kill = 0; kill < kills; kill += 1) {
  const before = acknowledged.size;
  while (acknowledged.size < before + 20) await pause(20);
  await pause(Math.random() * 800);
  const killed = server;
  server = undefined;
  if (kill % 4 === 1) killChild(place, 'clickhouse');
  if (kill % 4 === 3) killChild(place, 'postgres');
  await killed?.kill();
  server = await startProcess(place);
  print(`${kill + 1} kills, ${acknowledged.size} batches acknowledged, ${repeats} sent again`);
}
isOver = true;
await Promise.all(senders);
await untilLoaded({ url: server?.url ?? '', key: reader }, 300_000);
const ids = [...acknowledged].map((id) => `'${id}'`).join();
const [found = 0, distinct = 0] = await countRows(
  place,
  `SELECT count(), uniqExact(trace_id, span_id) FROM spans FINAL WHERE trace_id IN (${ids})`,
);
print(`acknowledged spans: ${acknowledged.size * SPANS}, stored: ${found}, distinct: ${distinct}`);
const isGood = found === acknowledged.size * SPANS && distinct === found;
await server?.stop();
place.remove();
process.exitCode = isGood ? 0 : 1;

async function run(): Promise<void> {
  while (!isOver) {
    const traceId = randomBytes(16).toString('hex');
    const body = otlpBody(Array.from({ length: SPANS }, () => ({ traceId })));
    while (!(await send(body))) {
      repeats += 1;
      await pause(50);
    }
    acknowledged.add(traceId);
  }
}

async function send(body: string): Promise<boolean> {
  const url = server?.url;
  if (url === undefined) return false;
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const reply = await fetch(`${url}/v1/traces`, { method: 'POST', body, headers }).catch(() => undefined);
  await reply?.text().catch(() => undefined);
  return reply?.status === 200;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
