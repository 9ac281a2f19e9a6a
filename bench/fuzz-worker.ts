import { parentPort, workerData } from 'node:worker_threads';
import { openSseReader } from '@app/protocol';
import { draftCase, type FuzzCase } from '@app/protocol/test/fuzz/draft-case.ts';
import { findBreaches, hasPolluted } from '@app/protocol/test/fuzz/find-breaches.ts';
import { listSamples } from '@app/protocol/test/fuzz/list-samples.ts';
import { openAwsEventStream } from '@app/providers';
import { openWorld } from '../packages/gateway/test/fuzz/open-world.ts';
import { playPair } from '../packages/gateway/test/fuzz/play-pair.ts';
import { type FuzzFailure, type FuzzJob, type FuzzTally, openTally } from './fuzz-tally.ts';
import { shrinkPair } from './shrink-pair.ts';

/** Plays cases in pairs, takes the next ones from the counter that all threads share, and tells what it found. */
const { seed, count, shared, place }: FuzzJob = workerData;
const counters = new Int32Array(shared);
const TAKEN = 500;
const FAILURES_MAX = 20;
const FRAMINGS = { sse: openSseReader, 'aws-event-stream': openAwsEventStream };

const samples = listSamples();
const world = openWorld();
let failures = 0;
let current: FuzzFailure = { number: 0, title: '', breaches: [] };
process.on('unhandledRejection', (reason) => {
  tell({ failures: [{ ...current, breaches: [`an unhandled rejection: ${reason}`] }] });
});
// A stack for every error that is foreseen costs more than all else; a case that fails is played again with them.
Error.stackTraceLimit = 0;
for (let from = Atomics.add(counters, 0, TAKEN); from < count; from = Atomics.add(counters, 0, TAKEN))
  tell(await playFrom(from, Math.min(from + TAKEN, count)));

function tell(found: Partial<FuzzTally>): void {
  parentPort?.postMessage(found);
}

async function playFrom(from: number, end: number): Promise<FuzzTally> {
  const tally = openTally();
  for (let number = from; number < end; number += 2) {
    const pair = [
      draftCase(samples, { seed, number }),
      draftCase(samples, { seed, number: number + 1 }),
    ] as const;
    Atomics.store(counters, place, number + 1);
    current = { number, title: pair[0].title, breaches: [] };
    const startedUs = threadUs();
    const found = await play(pair, world);
    for (const { given, outcome, breaches } of found) {
      note(tally, given, outcome);
      if (breaches.length > 0) tally.failures.push(await explain(pair, given));
    }
    const tookMs = (threadUs() - startedUs) / 1_000;
    if (tookMs > tally.slowest.ms) tally.slowest = { ms: tookMs, number };
  }
  if (hasPolluted()) tally.failures.push({ ...current, breaches: ['all objects were changed'] });
  tally.heapMb = process.memoryUsage().heapUsed / 1_048_576;
  return tally;
}

type Found = Awaited<ReturnType<typeof playPair>>;

async function play(pair: readonly [FuzzCase, FuzzCase], place: typeof world): Promise<Found> {
  const found = await playPair(place, pair);
  return found.map((one) => ({ ...one, breaches: [...one.breaches, ...findBreaches(one.given, FRAMINGS)] }));
}

function threadUs(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

function note({ cases, outcomes }: FuzzTally, { dialect, asks }: FuzzCase, outcome: string): void {
  const row = `${asks === 'unary' ? 'no conversation' : dialect}`;
  cases[row] = (cases[row] ?? 0) + 1;
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
}

/** What went wrong, with as little as it takes. Only the first failures are worth the time. */
async function explain(pair: readonly [FuzzCase, FuzzCase], given: FuzzCase): Promise<FuzzFailure> {
  Error.stackTraceLimit = 20;
  const isFirst = pair[0] === given;
  const breachesOf = async (one: FuzzCase): Promise<string[]> => {
    const found = await play(isFirst ? [one, pair[1]] : [pair[0], one], openWorld());
    return found.find((player) => player.given === one)?.breaches ?? [];
  };
  const breaches = await breachesOf(given);
  failures += 1;
  const bytes = failures > FAILURES_MAX ? undefined : await shrinkPair(given, breachesOf);
  Error.stackTraceLimit = 0;
  const title = `${given.title} to ${given.caller}: ${given.changes.join('; ')}`;
  // What only happens after many other calls is something that one of them left behind.
  const told = breaches.length > 0 ? breaches : ['only after the calls before it'];
  return { number: given.number, title, breaches: told, ...(bytes === undefined ? {} : { bytes }) };
}
