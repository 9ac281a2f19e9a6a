import { createFindPeriod, type Schedule, type TellNews } from '@app/gateway';
import type { Store, StoredNotice } from '@app/store';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Deliver } from '../destinations/message.ts';
import { tellBudgetNotice } from '../destinations/tell-budget-notice.ts';
import { type IdSource, newId } from '../ids.ts';
import { openHistoryUpkeep } from '../jobs/open-history-upkeep.ts';
import { logNotice } from '../limits/management/log-notice.ts';
import { openBudgetNews } from '../limits/management/open-budget-news.ts';
import { openCarryOver } from '../limits/management/open-carry-over.ts';
import type { ClosingStack } from './closing-stack.ts';
import type { OpenLimits } from './open-limits.ts';

export type BudgetsDeps = {
  config: Config;
  store: Pick<Store, 'destinations' | 'limits' | 'limitUsage'>;
  limits: Pick<OpenLimits, 'onNews'>;
  /** Brings messages to destinations. */
  deliverMessage: Deliver;
  ids: IdSource;
  schedule: Schedule;
  log: Logger;
};

export type OpenBudgets = {
  /** Hears what budgets do to calls. */
  tellNews: TellNews;
  /** Brings to people what budgets have to tell. */
  deliver: (notice: StoredNotice) => void;
};

const DAY_MS = 86_400_000;

/** What budgets do besides counting: they write down what they did and tell it, and carry over what they left. */
export function openBudgets(deps: BudgetsDeps, stack: ClosingStack): OpenBudgets {
  const { config, store, limits, ids, schedule, log } = deps;
  const toLog = logNotice(log);
  const toDestinations = tellBudgetNotice({ ...store, deliver: deps.deliverMessage, log });
  const deliver = (notice: StoredNotice) => {
    toLog(notice);
    toDestinations(notice);
  };
  const findPeriod = createFindPeriod();
  const onWarning = (message: string, error?: unknown) => log.warn({ err: error }, message);
  const news = openBudgetNews({
    insertBudgetNotices: store.limits.insertBudgetNotices,
    findPeriod,
    deliver,
    newId: (prefix) => newId(prefix, ids),
    schedule,
    onWarning,
  });
  stack.add(news.close);
  limits.onNews(news.tell);
  const carryOver = openCarryOver({
    limits: store.limits,
    usage: store.limitUsage,
    findPeriod,
    settleMs: config.file.defaults.total_timeout_seconds * 1_000,
    newId: (prefix) => newId(prefix, ids),
    nowMs: ids.nowMs,
    schedule,
    onWarning,
  });
  stack.add(carryOver.close);
  const stopUpkeep = openHistoryUpkeep({
    deleteOldRows: store.limits.deleteOldNotices,
    problem: 'Old notices of budgets cannot be deleted now; trying again.',
    keptMs: config.file.retention.limit_usage_days * DAY_MS,
    nowMs: ids.nowMs,
    schedule,
    onWarning,
  });
  stack.add(stopUpkeep);
  return { tellNews: news.tell, deliver };
}
