import { createFindPeriod, type Schedule, type TellNews } from '@app/gateway';
import type { Store, StoredNotice } from '@app/store';
import type { Logger } from 'pino';
import { type IdSource, newId } from '../ids.ts';
import { logNotice } from '../limits/management/log-notice.ts';
import { openBudgetNews } from '../limits/management/open-budget-news.ts';
import type { ClosingStack } from './closing-stack.ts';
import type { OpenLimits } from './open-limits.ts';

export type BudgetsDeps = {
  store: Pick<Store, 'limits'>;
  limits: Pick<OpenLimits, 'onNews'>;
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

/** What budgets do besides counting: they write down what they did and tell it. */
export function openBudgets(
  { store, limits, ids, schedule, log }: BudgetsDeps,
  stack: ClosingStack,
): OpenBudgets {
  const deliver = logNotice(log);
  const news = openBudgetNews({
    insertBudgetNotices: store.limits.insertBudgetNotices,
    findPeriod: createFindPeriod(),
    deliver,
    newId: (prefix) => newId(prefix, ids),
    schedule,
    onWarning: (message, error) => log.warn({ err: error }, message),
  });
  stack.add(news.close);
  limits.onNews(news.tell);
  return { tellNews: news.tell, deliver };
}
