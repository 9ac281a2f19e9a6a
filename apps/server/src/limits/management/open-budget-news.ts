import type { FindPeriod, LimitNews, Schedule, TellNews } from '@app/gateway';
import type { InsertNotice, RelationalStore, StoredNotice } from '@app/store';
import { singleFlight } from '../../snapshot/single-flight.ts';

export type BudgetNewsDeps = {
  insertBudgetNotices: RelationalStore['limits']['insertBudgetNotices'];
  findPeriod: FindPeriod;
  /** Brings a notice to whom it tells, without being waited for. Never throws. */
  deliver: (notice: StoredNotice) => void;
  newId: (prefix: `${string}_`) => string;
  schedule: Schedule;
  onWarning: (message: string, error?: unknown) => void;
};

export type BudgetNews = {
  /** Takes news in without waiting. */
  tell: TellNews;
  /** Writes down what waits; for a while, should PostgreSQL be away. */
  close(): Promise<void>;
};

/** Soon enough for a person, and one statement for all news of a burst. */
const DELAY_MS = 200;
const RETRY_MS = 5_000;
const BATCH = 500;
/** What waits while PostgreSQL is away; a budget tells few things a month. */
const WAITING_MAX = 20_000;
/** Names of what was noted lately, so that what is told with every call costs no statement. */
const KNOWN_MAX = 50_000;

/**
 * Writes down what budgets do, behind the calls that made them: each thing once per period and amount, whichever server
 * hears of it first. News that find no room while PostgreSQL is away are counted in the log.
 */
export function openBudgetNews(deps: BudgetNewsDeps): BudgetNews {
  const { deliver, schedule, onWarning } = deps;
  let waiting: InsertNotice[] = [];
  let known = new Set<string>();
  let dropped = 0;
  let isAway = false;
  let cancel: (() => void) | undefined;

  const plan = (delayMs: number) => {
    cancel ??= schedule(delayMs, () => {
      cancel = undefined;
      void flush(false);
    });
  };
  const write = async () => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      const noted = await deps.insertBudgetNotices(batch);
      waiting = waiting.slice(batch.length);
      for (const notice of noted) deliver(notice);
    }
    if (dropped > 0) onWarning(`${dropped} notices of budgets found no room while PostgreSQL was away.`);
    dropped = 0;
  };
  const flush = singleFlight(async () => {
    try {
      await write();
      isAway = false;
    } catch (error) {
      if (!isAway)
        onWarning('What budgets did cannot be written down now; it is kept and tried again.', error);
      isAway = true;
      plan(RETRY_MS);
    }
  });
  return {
    tell: (news) => {
      const notice = readNews(deps, news);
      if (notice === undefined) return;
      const name = JSON.stringify([
        notice.budgetId,
        notice.subject,
        notice.periodStartMs,
        notice.kind,
        notice.percent,
        notice.available,
      ]);
      if (known.has(name)) return;
      if (known.size >= KNOWN_MAX) known = new Set();
      known.add(name);
      if (waiting.length >= WAITING_MAX) dropped += 1;
      else waiting.push(notice);
      plan(DELAY_MS);
    },
    close: async () => {
      cancel?.();
      await flush(false);
      cancel?.();
    },
  };
}

/** What news say of a budget; `undefined` for what tells of none. */
function readNews({ findPeriod, newId }: BudgetNewsDeps, news: LimitNews): InsertNotice | undefined {
  const { limit, kind, atMs } = news;
  if (limit?.budget === undefined || kind === 'counters_away' || kind === 'counters_back') return undefined;
  const { startMs } = findPeriod(limit.period === 'day' ? 'day' : 'month', limit.zone, atMs);
  return {
    id: newId('ntc_'),
    budgetId: limit.id,
    subject: news.subject ?? '',
    periodStartMs: startMs,
    kind,
    percent: news.percent,
    spent: news.used ?? 0,
    available: news.max ?? limit.max,
    createdAtMs: Math.floor(atMs),
  };
}
