import type { Database } from './open-postgres.ts';
import { listAlerting } from './queries/list-alerting.ts';
import { listLiveKeys } from './queries/list-live-keys.ts';
import { listPeople } from './queries/list-people.ts';
import { listProjectsWithoutBudget } from './queries/list-projects-without-budget.ts';

/** What the checks of a deployment ask, over the whole installation. */
export function securityTables(postgres: Database) {
  return {
    security: {
      listLiveKeys: listLiveKeys(postgres),
      listPeople: listPeople(postgres),
      listProjectsWithoutBudget: listProjectsWithoutBudget(postgres),
      listAlerting: listAlerting(postgres),
    },
  };
}
