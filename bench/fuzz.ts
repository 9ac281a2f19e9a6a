import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import {
  addTally,
  countOf,
  type FuzzFailure,
  type FuzzJob,
  type FuzzTally,
  openTally,
} from './fuzz-tally.ts';

/**
 * Answers many calls with what no provider should send, and looks at what every reader, writer and the gateway make of
 * it. `npm run soak -- --fuzz 1000000 --seed 1`; a single case of that seed again: `--from 4711 --fuzz 1`. Ends with
 * status 1 when a law was broken, and says in which cases.
 */
const { values: options } = parseArgs({
  options: {
    fuzz: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
});
const seed = Number(options.seed);
// Cases are played in pairs, of which the first has an even number.
const from = Math.floor(Number(options.from) / 2) * 2;
const count = from + Math.max(2, Number(options.fuzz));
const threads = Number(options.threads);
const PROGRESS_MS = 5_000;
/** A pair takes a millisecond or two. */
const HANG_MS = 60_000;

const print = (line: string) => process.stdout.write(`${line}\n`);
const tally = openTally();
const shared = new SharedArrayBuffer(4 * (threads + 1));
const counters = new Int32Array(shared);
counters[0] = from;
const startedMs = performance.now();
const progress = setInterval(() => {
  const done = countOf(tally.outcomes);
  print(`${done} cases, ${perSecond(done)} a second, ${tally.failures.length} failures`);
}, PROGRESS_MS);
await Promise.all(Array.from({ length: threads }, (_, at) => runThread(at + 1)));
clearInterval(progress);
report();
process.exitCode = tally.failures.length === 0 ? 0 : 1;

/** Runs one thread to its end; one that hangs or dies is a failure, and another goes on in its place. */
async function runThread(place: number): Promise<void> {
  const job: FuzzJob = { seed, count, shared, place };
  const worker = new Worker(new URL('./fuzz-worker.ts', import.meta.url), { workerData: job });
  const { promise: ended, resolve } = Promise.withResolvers<string | undefined>();
  worker.on('message', (found: Partial<FuzzTally>) => {
    addTally(tally, found);
    for (const failure of found.failures ?? []) print(described(failure));
  });
  worker.on('error', (error) => resolve(`the process would have ended: ${error.message}`));
  worker.on('exit', () => resolve(undefined));
  let [last, sinceMs] = [-1, performance.now()];
  const watch = setInterval(() => {
    const at = counters[place] ?? 0;
    if (at !== last) [last, sinceMs] = [at, performance.now()];
    else if (performance.now() - sinceMs > HANG_MS && at > 0) resolve('it hangs');
  }, 1_000);
  const fault = await ended;
  clearInterval(watch);
  await worker.terminate();
  if (fault === undefined) return;
  tally.failures.push({ number: (counters[place] ?? 1) - 1, title: 'a pair', breaches: [fault] });
  await runThread(place);
}

function perSecond(done: number): number {
  return Math.round(done / ((performance.now() - startedMs) / 1_000));
}

function report(): void {
  const done = countOf(tally.outcomes);
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  const { user, system } = process.cpuUsage();
  const cpuMs = (user + system) / 1_000;
  print(`\nseed ${seed}, cases ${from} to ${count - 1}`);
  print(
    `${done} cases in ${seconds} s: ${perSecond(done)} a second, ${(cpuMs / done).toFixed(2)} ms of CPU each`,
  );
  print(table('by outcome', tally.outcomes));
  print(table("by the provider's dialect", tally.cases));
  print(`slowest pair: ${tally.slowest.ms.toFixed(1)} ms of CPU, case ${tally.slowest.number}`);
  print(`largest heap of a thread: ${tally.heapMb.toFixed(0)} MB`);
  print(`failures: ${tally.failures.length}`);
  for (const { number, title } of tally.failures) print(`  case ${number}: ${title}`);
}

function table(title: string, counts: { [name: string]: number }): string {
  const rows = Object.entries(counts).sort(([, one], [, other]) => other - one);
  return [title, ...rows.map(([name, cases]) => `  ${name.padEnd(24)}${String(cases).padStart(10)}`)].join(
    '\n',
  );
}

function described({ number, title, breaches, bytes }: FuzzFailure): string {
  const lines = [`\ncase ${number} of seed ${seed}: ${title}`, ...breaches.map((breach) => `  ${breach}`)];
  return bytes === undefined ? lines.join('\n') : `${lines.join('\n')}\n  the least that does it:\n${bytes}`;
}
