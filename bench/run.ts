/**
 * `npm run bench`: what a call costs through us, as ratios to a bare Node proxy and to nginx measured in the same
 * run, slice by slice in turn, so that a noisy machine disturbs all of them alike.
 *
 *   --rounds N        slices of each subject (default 8)
 *   --requests N      whole replies in a slice (default 2,000); streams are a tenth of it
 *   --streams N       streams held open at once (default 1,000)
 *   --peer portkey    also Portkey's published gateway, from the folder named by PORTKEY_DIR
 */
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { cpuUs, mainThreadUs, residentBytes } from './cpu.ts';
import { type Load, median, quantile, runLoad } from './load.ts';
import {
  type Subject,
  startBareProxy,
  startNginx,
  startOurs,
  startPortkey,
  startUpstream,
} from './subjects.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '8' },
    requests: { type: 'string', default: '2000' },
    streams: { type: 'string', default: '1000' },
    peer: { type: 'string', multiple: true, default: [] },
  },
});
const rounds = Number(options.rounds);
const requests = Number(options.requests);
const CONCURRENCY = 32;
const BARE = 'bare Node proxy';
const OURS = 'tokenrouter';

type Workload = { name: string; path: string; body(model: string): string; requests: number; only?: string };

const question = 'Tell me about the history of bridges. '.repeat(50);
const workloads: Workload[] = [
  {
    name: 'whole reply',
    path: '/v1/chat/completions',
    requests,
    body: (model) => JSON.stringify({ model, messages: [{ role: 'user', content: question }] }),
  },
  {
    name: 'stream of 100 chunks',
    path: '/v1/chat/completions',
    requests: Math.ceil(requests / 10),
    body: (model) => JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: question }] }),
  },
  {
    name: 'whole reply, translated',
    path: '/v1/messages',
    requests,
    only: OURS,
    body: (model) =>
      JSON.stringify({ model, max_tokens: 500, messages: [{ role: 'user', content: question }] }),
  },
];

type Slice = {
  subject: string;
  workload: string;
  cpuUs: number;
  mainUs: number;
  firstByteMs: number[];
  perSecond: number;
};

const upstream = await startUpstream();
const subjects = await startSubjects();
try {
  const slices = await measureAll();
  print(slices);
  await printOpenStreams();
} finally {
  for (const subject of subjects) await subject.close();
  await upstream.close();
}

async function startSubjects(): Promise<Subject[]> {
  const started: (Subject | undefined)[] = [
    await startBareProxy(upstream.port),
    await startNginx(upstream.port),
  ];
  started.push(await startOurs(upstream.port));
  if (options.peer.includes('portkey'))
    started.push(await startPortkey(upstream.port, process.env.PORTKEY_DIR ?? '.'));
  return started.filter((subject) => subject !== undefined);
}

async function measureAll(): Promise<Slice[]> {
  const slices: Slice[] = [];
  for (let round = -1; round < rounds; round += 1) {
    for (const workload of workloads) {
      for (const subject of subjects) {
        if (workload.only !== undefined && workload.only !== subject.name) continue;
        const slice = await measure(subject, workload);
        // The first round warms up: compilers, connections, caches.
        if (round >= 0) slices.push(slice);
      }
    }
    process.stdout.write(round < 0 ? 'warmed up\n' : `round ${round + 1} of ${rounds}\n`);
  }
  return slices;
}

async function measure(subject: Subject, workload: Workload): Promise<Slice> {
  const [main = 0] = subject.pids;
  const load: Load = {
    origin: subject.origin,
    path: workload.path,
    headers: subject.headers,
    body: workload.body(subject.model),
    requests: workload.requests,
    concurrency: CONCURRENCY,
  };
  const beforeUs = cpuUs(subject.pids);
  const beforeMainUs = mainThreadUs(main);
  const { firstByteMs, wallMs } = await runLoad(load);
  return {
    subject: subject.name,
    workload: workload.name,
    cpuUs: (cpuUs(subject.pids) - beforeUs) / workload.requests,
    mainUs: (mainThreadUs(main) - beforeMainUs) / workload.requests,
    firstByteMs,
    perSecond: (workload.requests / wallMs) * 1_000,
  };
}

function print(slices: Slice[]): void {
  const of = (subject: string, workload: string) =>
    slices.filter((slice) => slice.subject === subject && slice.workload === workload);
  const cpu = (subject: string, workload: string) =>
    median(of(subject, workload).map((slice) => slice.cpuUs));
  for (const workload of workloads) {
    process.stdout.write(
      `\n${workload.name} (medians of ${rounds} slices of ${workload.requests}, ${CONCURRENCY} at a time)\n`,
    );
    for (const { name } of subjects) {
      const found = of(name, workload.name);
      if (found.length === 0) continue;
      const against = workload.only === undefined ? BARE : OURS;
      const baseline = workload.only === undefined ? cpu(BARE, workload.name) : cpu(OURS, 'whole reply');
      const first = (share: number) => median(found.map((slice) => quantile(slice.firstByteMs, share)));
      process.stdout.write(
        `  ${name.padEnd(16)} ${cell(cpu(name, workload.name), 'µs CPU')} (main thread ${Math.round(median(found.map((slice) => slice.mainUs)))}) ` +
          `${cell(cpu(name, workload.name) / baseline, `x ${against}`, 2)} first byte p50 ${cell(first(0.5), 'ms', 2)} p99 ${cell(first(0.99), 'ms', 2)}` +
          `${cell(median(found.map((slice) => slice.perSecond)), '/s')}\n`,
      );
    }
  }
  printBudgets(cpu, of);
}

function printBudgets(
  cpu: (subject: string, workload: string) => number,
  of: (subject: string, workload: string) => Slice[],
): void {
  const ours = cpu(OURS, 'whole reply');
  const first = (subject: string, share: number) =>
    median(of(subject, 'stream of 100 chunks').map((slice) => quantile(slice.firstByteMs, share)));
  const speed = (workload: string) => median(of(OURS, workload).map((slice) => slice.perSecond));
  const lines: [string, number, string][] = [
    ['CPU per whole reply / bare Node proxy', ours / cpu(BARE, 'whole reply'), '<= 1.5'],
    ['CPU per whole reply / nginx', ours / cpu('nginx', 'whole reply'), '<= 8'],
    [
      'CPU per stream / bare Node proxy',
      cpu(OURS, 'stream of 100 chunks') / cpu(BARE, 'stream of 100 chunks'),
      '',
    ],
    ['added time to first byte of a stream, p50, ms', first(OURS, 0.5) - first(BARE, 0.5), '<= 0.5'],
    ['added time to first byte of a stream, p99, ms', first(OURS, 0.99) - first(BARE, 0.99), '<= 5'],
    [
      'translated / passed through, requests per second',
      speed('whole reply, translated') / speed('whole reply'),
      '>= 0.6',
    ],
    ['CPU per whole reply / portkey', ours / cpu('portkey', 'whole reply'), '<= 0.17'],
  ];
  process.stdout.write('\nbudgets\n');
  for (const [name, value, budget] of lines) {
    if (!Number.isNaN(value))
      process.stdout.write(`  ${name.padEnd(52)} ${value.toFixed(2).padStart(7)}   ${budget}\n`);
  }
}

function cell(value: number, unit: string, digits = 0): string {
  return `${value.toFixed(digits).padStart(7)} ${unit}`;
}

/** Holds many streams open and tells what each costs; then lets the upstream end them and counts those that did. */
async function printOpenStreams(): Promise<void> {
  const ours = subjects.find((subject) => subject.name === OURS);
  const count = Number(options.streams);
  if (ours === undefined || count === 0) return;
  const pid = ours.pids[0] ?? 0;
  const pool = new Pool(ours.origin, {
    connections: count,
    pipelining: 1,
    bodyTimeout: 0,
    headersTimeout: 0,
  });
  const beforeBytes = residentBytes(pid);
  const opened: Promise<void>[] = [];
  const ended: Promise<boolean>[] = [];
  for (let index = 0; index < count; index += 1) {
    const stream = openStream(pool, ours);
    opened.push(stream.opened);
    ended.push(stream.ended);
    if (opened.length % 200 === 0) await Promise.all(opened);
  }
  await Promise.all(opened);
  const perStreamKb = (residentBytes(pid) - beforeBytes) / count / 1024;
  await fetch(`http://127.0.0.1:${upstream.port}/release`, { method: 'POST' });
  const complete = (await Promise.all(ended)).filter(Boolean).length;
  await pool.destroy();
  process.stdout.write(
    `\nopen streams: ${count} at once, ${perStreamKb.toFixed(1)} KB each (<= 30), ${complete} ended completely\n`,
  );
}

function openStream(pool: Pool, { headers }: Subject): { opened: Promise<void>; ended: Promise<boolean> } {
  const opened = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<boolean>();
  let tail = '';
  const body = JSON.stringify({
    model: 'slow-stream',
    stream: true,
    messages: [{ role: 'user', content: 'hold' }],
  });
  pool.dispatch(
    { path: '/v1/chat/completions', method: 'POST', headers, body },
    {
      onRequestStart: () => undefined,
      onResponseStart: () => undefined,
      onResponseData: (_controller, chunk) => {
        tail = (tail + chunk.toString()).slice(-64);
        opened.resolve();
      },
      onResponseEnd: () => ended.resolve(tail.includes('[DONE]')),
      onResponseError: (_controller, error) => {
        opened.reject(error);
        ended.resolve(false);
      },
    },
  );
  return { opened: opened.promise, ended: ended.promise };
}
