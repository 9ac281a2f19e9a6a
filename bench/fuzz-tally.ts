/** What a thread is told when it starts. `shared` holds the next case, and at `place` the one that the thread plays. */
export type FuzzJob = { seed: number; count: number; shared: SharedArrayBuffer; place: number };

export type FuzzFailure = { number: number; title: string; breaches: string[]; bytes?: string };

/** What became of some cases. */
export type FuzzTally = {
  cases: { [dialect: string]: number };
  outcomes: { [outcome: string]: number };
  failures: FuzzFailure[];
  /** Milliseconds of CPU of the pair that took longest, and its first number. */
  slowest: { ms: number; number: number };
  heapMb: number;
};

export function openTally(): FuzzTally {
  return { cases: {}, outcomes: {}, failures: [], slowest: { ms: 0, number: 0 }, heapMb: 0 };
}

export function addTally(sum: FuzzTally, more: Partial<FuzzTally>): void {
  addCounts(sum.cases, more.cases ?? {});
  addCounts(sum.outcomes, more.outcomes ?? {});
  sum.failures.push(...(more.failures ?? []));
  if (more.slowest !== undefined && more.slowest.ms > sum.slowest.ms) sum.slowest = more.slowest;
  sum.heapMb = Math.max(sum.heapMb, more.heapMb ?? 0);
}

export function countOf(counts: { [name: string]: number }): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function addCounts(sum: { [name: string]: number }, more: { [name: string]: number }): void {
  for (const [name, count] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + count;
}
