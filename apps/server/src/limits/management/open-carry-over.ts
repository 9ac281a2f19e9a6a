import type { FindPeriod, PeriodBounds, Schedule } from '@app/gateway';
import type { RelationalStore, StoredLimit } from '@app/store';
import { repeat } from '../../snapshot/repeat.ts';

export type CarryOverDeps = {
  limits: Pick<RelationalStore['limits'], 'listCarryingBudgets' | 'insertCarryOver' | 'listLimitExtras'>;
  usage: Pick<RelationalStore['limitUsage'], 'listLimitUsage'>;
  findPeriod: FindPeriod;
  /** How long after a period's end calls that began in it may still run: until then it is not known what it left. */
  settleMs: number;
  newId: (prefix: `${string}_`) => string;
  nowMs: () => number;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

export type CarryOver = {
  /** Looks once whether something is to be carried over, and does it. */
  run(): Promise<void>;
  close(): Promise<void>;
};

const EVERY_MS = 60_000;
const PAGE = 500;
/** Counts of one budget, each of a user or a key, that carry over: what servers keep of it in memory has a bound. */
const COUNTS_MAX = 10_000;

/**
 * Adds what a budget's period left to the next one, at most one amount, once calls that began in it are over. Every server
 * tries; PostgreSQL lets one do it.
 */
export function openCarryOver(deps: CarryOverDeps): CarryOver {
  let running = Promise.resolve();
  let isClosed = false;
  const runOnce = async () => {
    try {
      for (let afterId = ''; !isClosed; ) {
        const due = await deps.limits.listCarryingBudgets({ nowMs: deps.nowMs(), limit: PAGE, afterId });
        for (const budget of due) await carryOver(deps, budget);
        const last = due.at(-1);
        if (last === undefined || due.length < PAGE) return;
        afterId = last.id;
      }
    } catch (error) {
      deps.onWarning('What budgets left cannot be carried over now; trying again.', error);
    }
  };
  const run = () => {
    running = running.then(runOnce);
    return running;
  };
  const stop = repeat(deps.schedule, EVERY_MS, run);
  return {
    run,
    close: async () => {
      isClosed = true;
      stop();
      await running;
    },
  };
}

async function carryOver(deps: CarryOverDeps, budget: StoredLimit): Promise<void> {
  const nowMs = deps.nowMs();
  const bounds = (atMs: number) =>
    deps.findPeriod(budget.period === 'day' ? 'day' : 'month', budget.zone, atMs);
  const current = bounds(nowMs);
  if (nowMs < current.startMs + deps.settleMs || budget.createdAtMs >= current.startMs) return;
  const left = await readLeft(deps, budget, bounds(current.startMs - 1));
  await deps.limits.insertCarryOver({
    limitId: budget.id,
    periodStartMs: current.startMs,
    createdAtMs: nowMs,
    carried: left.map((each) => ({ id: deps.newId('cry_'), ...each })),
  });
}

/** What each count left of a period; under a scope of `*` those that spent in it or had more than the amount. */
async function readLeft(
  { limits, usage }: CarryOverDeps,
  budget: StoredLimit,
  { startMs }: PeriodBounds,
): Promise<{ subject: string; amount: number }[]> {
  const [used, extras] = await Promise.all([
    usage.listLimitUsage({
      limitIds: [budget.id],
      fromMs: startMs,
      untilMs: startMs + 1,
      countsMax: COUNTS_MAX,
    }),
    limits.listLimitExtras(budget.organizationId, { limitIds: [budget.id], sinceMs: startMs }),
  ]);
  const left = new Map<string, number>(budget.scope.id === '*' ? [] : [['', budget.max]]);
  const add = (subject: string, amount: number) =>
    left.set(subject, (left.get(subject) ?? budget.max) + amount);
  for (const row of used) add(row.subject, -row.used);
  for (const extra of extras) if (extra.periodStartMs === startMs) add(extra.subject, extra.amount);
  return [...left]
    .map(([subject, amount]) => ({ subject, amount: Math.min(amount, budget.max) }))
    .filter(({ amount }) => amount > 0)
    .slice(0, COUNTS_MAX);
}
