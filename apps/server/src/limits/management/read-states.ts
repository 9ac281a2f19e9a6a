import type { BudgetState } from '@app/contract';
import type { FindPeriod, PeriodBounds } from '@app/gateway';
import { type RelationalStore, type StoredLimit, writeMoney } from '@app/store';
import { PACE_MS, type PeriodSpend, projectSpend } from './project-spend.ts';
import type { ReadStandings, Standing } from './read-standings.ts';

export type StatesDeps = {
  readStandings: ReadStandings;
  usage: Pick<RelationalStore['limitUsage'], 'findLimitUsage'>;
  limits: Pick<RelationalStore['limits'], 'listSpentBudgets'>;
  findPeriod: FindPeriod;
  nowMs: () => number;
};

/** How budgets stand, the most spent first, by the budget's id. */
export type ReadStates = (budgets: readonly StoredLimit[]) => Promise<ReadonlyMap<string, BudgetState[]>>;

export function createReadStates(deps: StatesDeps): ReadStates {
  return async (budgets) => {
    const standings = await deps.readStandings(budgets);
    const counts = budgets.flatMap((budget) =>
      (standings.get(budget.id) ?? []).map((standing) => ({ budget, standing })),
    );
    const nowMs = deps.nowMs();
    const [before, spent] = await Promise.all([readBefore(deps, counts, nowMs), readSpent(deps, budgets)]);
    const found = new Map<string, BudgetState[]>();
    for (const { budget, standing } of counts) {
      const current = boundsOf(deps.findPeriod, budget, nowMs);
      const name = nameOf(budget.id, standing.subject);
      const state = writeState(standing, {
        current,
        isSpent: spent.get(`${name}\n${current.startMs}`) === standing.max,
        warnPercent: budget.budget?.warnPercents[0],
        projected: projectSpend({
          current: { ...current, spent: standing.used - standing.reserved },
          before: before.get(name) ?? [],
          countedSinceMs: budget.createdAtMs,
          nowMs,
        }),
      });
      found.set(budget.id, [...(found.get(budget.id) ?? []), state]);
    }
    return found;
  };
}

type CountOf = { budget: StoredLimit; standing: Standing };

function boundsOf(findPeriod: FindPeriod, { period, zone }: StoredLimit, atMs: number): PeriodBounds {
  return findPeriod(period === 'day' ? 'day' : 'month', zone, atMs);
}

/** The periods before the current one, as far as the pace looks back. */
async function readBefore(
  { usage, findPeriod }: StatesDeps,
  counts: readonly CountOf[],
  nowMs: number,
): Promise<Map<string, PeriodSpend[]>> {
  const asked = counts.flatMap(({ budget, standing }) =>
    listBounds(findPeriod, budget, nowMs).map((bounds) => ({ budget, subject: standing.subject, bounds })),
  );
  const rows = await usage.findLimitUsage(
    asked.map(({ budget, subject, bounds }) => ({
      limitId: budget.id,
      subject,
      periodStartMs: bounds.startMs,
    })),
  );
  const used = new Map(
    rows.map((row) => [`${nameOf(row.limitId, row.subject)}\n${row.periodStartMs}`, row.used]),
  );
  const found = new Map<string, PeriodSpend[]>();
  for (const { budget, subject, bounds } of asked) {
    const name = nameOf(budget.id, subject);
    const spent = used.get(`${name}\n${bounds.startMs}`) ?? 0;
    found.set(name, [...(found.get(name) ?? []), { ...bounds, spent }]);
  }
  return found;
}

function listBounds(findPeriod: FindPeriod, budget: StoredLimit, nowMs: number): PeriodBounds[] {
  const found: PeriodBounds[] = [];
  let { startMs } = boundsOf(findPeriod, budget, nowMs);
  while (startMs > nowMs - PACE_MS && startMs > budget.createdAtMs) {
    const bounds = boundsOf(findPeriod, budget, startMs - 1);
    found.push(bounds);
    startMs = bounds.startMs;
  }
  return found;
}

/** What was available when a budget was found to be spent. A budget is spent before the last nano-dollar is. */
async function readSpent(
  { limits }: StatesDeps,
  budgets: readonly StoredLimit[],
): Promise<Map<string, number>> {
  const [first] = budgets;
  if (first === undefined) return new Map();
  const ids = budgets.map(({ id }) => id);
  const rows = await limits.listSpentBudgets(first.organizationId, { ids });
  return new Map(
    rows.map((row) => [`${nameOf(row.budgetId, row.subject)}\n${row.periodStartMs}`, row.available]),
  );
}

type Stand = { current: PeriodBounds; isSpent: boolean; warnPercent: number | undefined; projected: number };

function writeState(standing: Standing, { current, isSpent, warnPercent, projected }: Stand): BudgetState {
  const { max, used, reserved, subject } = standing;
  const spent = used - reserved;
  const isWarned = warnPercent !== undefined && spent / Math.max(max, 1) >= warnPercent / 100;
  return {
    subject,
    period_start: new Date(current.startMs).toISOString(),
    period_end: new Date(current.endMs).toISOString(),
    available: writeMoney(BigInt(max)),
    spent: writeMoney(BigInt(spent)),
    reserved: writeMoney(BigInt(reserved)),
    projected: writeMoney(BigInt(Math.max(projected, spent))),
    status: isSpent || spent >= max ? 'exhausted' : isWarned ? 'warned' : 'ok',
  };
}

function nameOf(id: string, subject: string): string {
  return `${id}\n${subject}`;
}
