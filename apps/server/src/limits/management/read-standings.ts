import type { Count, FindPeriod, Limit, PeriodBounds } from '@app/gateway';
import type { LimitUsage, RelationalStore, StoredLimit } from '@app/store';

/** How one count of a limit stands. Integers in its measure. */
export type Standing = {
  /** Whose it is under a scope of `*`; else ''. */
  subject: string;
  /** The limit's bound and what this period has beyond it. */
  max: number;
  /** Settled and reserved together. */
  used: number;
  reserved: number;
  /** When it is empty again; absent for calls under way. */
  endMs: number | undefined;
};

/** The fullest counts of each limit, at most ten, by the limit's id. */
export type ReadStandings = (
  limits: readonly StoredLimit[],
) => Promise<ReadonlyMap<string, readonly Standing[]>>;

export type StandingsDeps = {
  limits: Pick<RelationalStore['limits'], 'listLimitExtras'>;
  usage: Pick<RelationalStore['limitUsage'], 'listLimitUsage'>;
  /** A count where calls are counted; `undefined` where this process counts none. */
  readCount: (limit: Limit, subject: string) => Count | undefined | Promise<Count | undefined>;
  /** The limit as the hot path knows it. */
  findLimit: (id: string) => Limit | undefined;
  /** Brings what this server counted to PostgreSQL, so that whose counts there are is known of the last second too. */
  flush: () => Promise<unknown>;
  findPeriod: FindPeriod;
  nowMs: () => number;
};

const COUNTS_MAX = 10;

/**
 * Counts as they are shown. For days and months PostgreSQL says whose counts there are; where this server counts, its
 * own figure is shown, which is newer and knows of calls under way.
 */
export function createReadStandings(deps: StandingsDeps): ReadStandings {
  return async (limits) => {
    if (limits.some(({ scope }) => scope.id === '*')) await deps.flush();
    const nowMs = deps.nowMs();
    const periods = new Map(limits.map((limit) => [limit.id, periodOf(deps.findPeriod, limit, nowMs)]));
    const stored = await readStored(deps, limits, periods);
    const found = new Map<string, readonly Standing[]>();
    for (const limit of limits) {
      const period = periods.get(limit.id);
      const known = stored.get(limit.id) ?? new Map<string, Kept>();
      const standings = await Promise.all(
        subjectsOf(limit, known).map((subject) => {
          return stand(deps, limit, { subject, kept: known.get(subject), period, nowMs });
        }),
      );
      found.set(
        limit.id,
        standings.filter((each) => each !== undefined).toSorted((a, b) => b.used - a.used),
      );
    }
    return found;
  };
}

type Kept = { subject: string; used: number; extra: number };
type Asked = { subject: string; kept: Kept | undefined; period: PeriodBounds | undefined; nowMs: number };

async function stand(
  { readCount, findLimit }: StandingsDeps,
  limit: StoredLimit,
  { subject, kept, period, nowMs }: Asked,
): Promise<Standing | undefined> {
  const known = findLimit(limit.id);
  const count = known === undefined ? undefined : await readCount(known, subject);
  if (count !== undefined) {
    const endMs = limit.measure === 'concurrency' ? undefined : (period?.endMs ?? nowMs + count.resetMs);
    return { subject, max: count.max, used: count.used, reserved: count.reserved ?? 0, endMs };
  }
  if (period === undefined) return undefined;
  const max = limit.max + (kept?.extra ?? 0);
  return { subject, max, used: kept?.used ?? 0, reserved: 0, endMs: period.endMs };
}

function periodOf(
  findPeriod: FindPeriod,
  { period, zone }: StoredLimit,
  nowMs: number,
): PeriodBounds | undefined {
  return period === 'day' || period === 'month' ? findPeriod(period, zone, nowMs) : undefined;
}

/** What PostgreSQL has of the current periods: what was used, and what they have beyond their bound. */
async function readStored(
  { limits: tables, usage }: StandingsDeps,
  limits: readonly StoredLimit[],
  periods: ReadonlyMap<string, PeriodBounds | undefined>,
): Promise<Map<string, Map<string, Kept>>> {
  const found = new Map<string, Map<string, Kept>>();
  const keep = ({ limitId, subject }: { limitId: string; subject: string }): Kept => {
    const ofLimit = found.get(limitId) ?? new Map<string, Kept>();
    const kept = ofLimit.get(subject) ?? { subject, used: 0, extra: 0 };
    found.set(limitId, ofLimit.set(subject, kept));
    return kept;
  };
  const rows = await Promise.all(
    groupByStart(limits, periods).map(([startMs, group]) =>
      Promise.all([
        usage.listLimitUsage({
          limitIds: group.map(({ id }) => id),
          fromMs: startMs,
          untilMs: startMs + 1,
          countsMax: COUNTS_MAX,
        }),
        listExtras(tables, group, startMs),
      ]),
    ),
  );
  for (const [used, extras] of rows) {
    for (const row of used) keep(row).used = row.used;
    for (const extra of extras) keep(extra).extra = extra.used;
  }
  return found;
}

function groupByStart(
  limits: readonly StoredLimit[],
  periods: ReadonlyMap<string, PeriodBounds | undefined>,
): [number, StoredLimit[]][] {
  const groups = new Map<number, StoredLimit[]>();
  for (const limit of limits) {
    const startMs = periods.get(limit.id)?.startMs;
    if (startMs !== undefined) groups.set(startMs, [...(groups.get(startMs) ?? []), limit]);
  }
  return [...groups];
}

/** Extras belong to the organization of their limits, which all limits of one list have in common. */
async function listExtras(
  tables: StandingsDeps['limits'],
  group: readonly StoredLimit[],
  startMs: number,
): Promise<LimitUsage[]> {
  const budgets = group.filter(({ budget }) => budget !== undefined);
  const [first] = budgets;
  if (first === undefined) return [];
  const rows = await tables.listLimitExtras(first.organizationId, {
    limitIds: budgets.map(({ id }) => id),
    sinceMs: startMs,
  });
  return rows
    .filter((row) => row.periodStartMs === startMs)
    .map(({ amount, ...row }) => ({ ...row, used: amount }));
}

/** Whose counts are shown: the one that there is, or the fullest of those that there are. */
function subjectsOf({ scope }: StoredLimit, kept: ReadonlyMap<string, Kept>): string[] {
  if (scope.id !== '*') return [''];
  return [...kept.values()]
    .toSorted((a, b) => b.used - a.used)
    .slice(0, COUNTS_MAX)
    .map(({ subject }) => subject);
}
