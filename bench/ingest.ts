import { fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve as resolvePath } from 'node:path';
import { parseArgs } from 'node:util';
import { countRows, untilLoaded } from '../apps/server/test/read-all-traces.ts';
import { createKey, makePlace, runCli, startProcess } from '../apps/server/test/start-process.ts';
import { cpuUs, familyOf, residentBytes } from './cpu.ts';
import type { SenderOrder, SenderReport } from './ingest-sender.ts';
import { quantile } from './load.ts';

/**
 * How many spans a second a whole server with its stores takes and keeps, on this machine: acknowledged on the disk, and
 * loaded into the trace store. `npx node bench/ingest.ts --spans 200000`.
 */
const { values: options } = parseArgs({
  options: {
    spans: { type: 'string', default: '200000' },
    batch: { type: 'string', default: '500' },
    concurrency: { type: 'string', default: '8' },
    formats: { type: 'string', default: 'json,protobuf' },
    /** Folder for a profile of each thread of the server. */
    profile: { type: 'string' },
  },
});
const print = (line: string) => process.stdout.write(`${line}\n`);
const place = makePlace(
  [
    ...['defaults:', '  requests_per_minute: 10000000', '  concurrency: 10000'],
    ...['ingest:', '  spans_per_minute: 1000000000', '  bytes_per_minute: 1000000000000', ''],
  ].join('\n'),
  options.profile === undefined
    ? {}
    : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${resolvePath(options.profile)}` },
);
const server = await startProcess(place);
try {
  const reader = { url: server.url, key: await createKey(place, 'live') };
  const key = await createIngestKey();
  for (const format of options.formats.split(',')) {
    // The first batches compile what the others run.
    await send({ ...order(key, format), spans: 10_000 });
    await untilLoaded(reader, 120_000);
    await measure(format, key, reader);
  }
} finally {
  await server.stop();
  place.remove();
}

function order(key: string, format: string): SenderOrder {
  return {
    url: server.url,
    key,
    format: format === 'protobuf' ? 'protobuf' : 'json',
    spans: Number(options.spans),
    spansPerBatch: Number(options.batch),
    concurrency: Number(options.concurrency),
  };
}

async function measure(format: string, key: string, reader: { url: string; key: string }): Promise<void> {
  const [before] = await countRows(place, 'SELECT count() FROM spans');
  const pids = familyOf(server.pid);
  const stores = pids.filter((pid) => pid !== server.pid);
  const cpu = () => ({ server: cpuUs([server.pid]), stores: cpuUs(stores), threads: threadsUs(server.pid) });
  const from = cpu();
  const startedMs = performance.now();
  const report = await send(order(key, format));
  const ackedMs = performance.now() - startedMs;
  const status = await untilLoaded(reader, 600_000);
  const loadedMs = performance.now() - startedMs;
  const to = cpu();
  const [after] = await countRows(place, 'SELECT count() FROM spans');
  const perSpan = (us: number) => `${(us / report.spans).toFixed(1)} µs`;
  const perSecond = (ms: number) => Math.round((report.spans / ms) * 1_000);
  const sizeOf = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
  print(
    `\n${format}: ${report.spans} spans of ${Math.round(report.bytes / report.spans)} bytes, ${options.batch} a batch`,
  );
  print(
    `  acknowledged, on the disk: ${perSecond(report.wallMs)} spans/s (${Math.round(ackedMs)} ms in all)`,
  );
  print(`  and loaded into the store: ${perSecond(loadedMs)} spans/s (${Math.round(loadedMs)} ms in all)`);
  print(
    `  answer p50 ${quantile(report.answerMs, 0.5).toFixed(0)} ms, p99 ${quantile(report.answerMs, 0.99).toFixed(0)} ms`,
  );
  print(
    `  CPU per span: server ${perSpan(to.server - from.server)}, stores ${perSpan(to.stores - from.stores)}`,
  );
  for (const [name, us] of to.threads) {
    const used = us - (from.threads.get(name) ?? 0);
    if (used / report.spans >= 0.3) print(`    thread ${name}: ${perSpan(used)}`);
  }
  const largest = Math.max(
    ...familyOf(server.pid)
      .filter((pid) => pid !== server.pid)
      .map(residentBytes),
  );
  print(`  memory: server ${sizeOf(residentBytes(server.pid))}, the larger store ${sizeOf(largest)}`);
  print(
    `  rows stored: ${(after ?? 0) - (before ?? 0)}, dropped ${status.dropped_records}, set aside ${status.set_aside_segments}, refused ${JSON.stringify(report.refused)}`,
  );
}

/** Processor time of each thread of a process, by its number and name. */
function threadsUs(pid: number): Map<string, number> {
  const dir = `/proc/${pid}/task`;
  return new Map(
    readdirSync(dir).map((thread) => {
      const stat = readFileSync(join(dir, thread, 'stat'), 'utf8');
      const end = stat.lastIndexOf(')');
      const fields = stat.slice(end + 2).split(' ');
      const name = stat.slice(stat.indexOf('(') + 1, end);
      return [`${thread} ${name}`, (Number(fields[11]) + Number(fields[12])) * 10_000] as const;
    }),
  );
}

function send(wanted: SenderOrder): Promise<SenderReport> {
  const child = fork(new URL('./ingest-sender.ts', import.meta.url), { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('message', (report) => {
      child.disconnect();
      resolve(report as SenderReport);
    });
    child.once('exit', (code) => reject(new Error(`The sender ended with ${code}.`)));
    child.send(wanted);
  });
}

async function createIngestKey(): Promise<string> {
  const made = await runCli(place, ['keys', 'create', '--name', 'bench', '--kind', 'ingest']);
  if (made.code !== 0) throw new Error(made.stderr);
  return made.stdout.trim();
}
