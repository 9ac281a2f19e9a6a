import type { ChangeFeed } from './open-change-feeds.ts';
import type { Database, Postgres } from './open-postgres.ts';
import { acknowledgeLimitChanges } from './queries/acknowledge-limit-changes.ts';
import { answerBudgetNotices } from './queries/answer-budget-notices.ts';
import { countLimits } from './queries/count-limits.ts';
import { deleteFileLimits } from './queries/delete-file-limits.ts';
import { deleteLimit } from './queries/delete-limit.ts';
import { deleteOldNotices } from './queries/delete-old-notices.ts';
import { findLimit } from './queries/find-limit.ts';
import { findLimitSequence } from './queries/find-limit-sequence.ts';
import { findOrganizationKey } from './queries/find-organization-key.ts';
import { type InsertBudgetGrant, insertBudgetGrant } from './queries/insert-budget-grant.ts';
import { insertBudgetNotices } from './queries/insert-budget-notices.ts';
import { type InsertCarryOver, insertCarryOver } from './queries/insert-carry-over.ts';
import { insertLimit } from './queries/insert-limit.ts';
import { listBudgetNotices } from './queries/list-budget-notices.ts';
import { listCarryingBudgets } from './queries/list-carrying-budgets.ts';
import { listFileLimits } from './queries/list-file-limits.ts';
import { listLimitChanges } from './queries/list-limit-changes.ts';
import { listLimitExtras } from './queries/list-limit-extras.ts';
import { listLimits } from './queries/list-limits.ts';
import { listSpentBudgets } from './queries/list-spent-budgets.ts';
import { lockLimitChanges } from './queries/lock-limit-changes.ts';
import { updateLimit } from './queries/update-limit.ts';
import { upsertFileLimit } from './queries/upsert-file-limit.ts';
import { readAllChanges } from './read-all-changes.ts';

/** The queries of limits, budgets, what they have beyond their amount, and what they did. */
export type LimitTables = ReturnType<typeof limitTables>['limits'];

export function limitTables(postgres: Postgres, feed: ChangeFeed) {
  return {
    limits: {
      findOrganizationKey: findOrganizationKey(postgres),
      insertLimit: insertLimit(postgres),
      findLimit: findLimit(postgres),
      listLimits: listLimits(postgres),
      countLimits: countLimits(postgres),
      updateLimit: updateLimit(postgres),
      deleteLimit: deleteLimit(postgres),
      listFileLimits: listFileLimits(postgres),
      upsertFileLimit: upsertFileLimit(postgres),
      deleteFileLimits: deleteFileLimits(postgres),
      insertBudgetGrant: (organizationId: string, grant: InsertBudgetGrant) =>
        alone(postgres, (db) => insertBudgetGrant(db)(organizationId, grant)),
      insertCarryOver: (carried: InsertCarryOver) => alone(postgres, (db) => insertCarryOver(db)(carried)),
      listCarryingBudgets: listCarryingBudgets(postgres),
      listSpentBudgets: listSpentBudgets(postgres),
      listLimitExtras: listLimitExtras(postgres),
      insertBudgetNotices: insertBudgetNotices(postgres),
      answerBudgetNotices: answerBudgetNotices(postgres),
      listBudgetNotices: listBudgetNotices(postgres),
      deleteOldNotices: deleteOldNotices(postgres),
      listLimitChanges: listLimitChanges(postgres),
      findLimitSequence: findLimitSequence(postgres),
      readAllLimits: () => readAllChanges(listLimitChanges(postgres)),
      listenLimitChanges: feed.listen,
      acknowledge: acknowledgeLimitChanges(postgres),
      waitForAcknowledgement: feed.waitForAcknowledgement,
    },
  };
}

/** No limit changes meanwhile. The statement begins once it holds the lock, so it sees what was changed before. */
function alone<T>(postgres: Postgres, run: (db: Database) => Promise<T>): Promise<T> {
  return postgres.transaction(async (db) => {
    await lockLimitChanges(db)(undefined);
    return run(db);
  });
}
