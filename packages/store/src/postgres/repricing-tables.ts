import type { Database } from './open-postgres.ts';
import { claimRepricing } from './queries/claim-repricing.ts';
import { findRepricing } from './queries/find-repricing.ts';
import { insertRepricing } from './queries/insert-repricing.ts';
import { listRepricings } from './queries/list-repricings.ts';
import { saveRepricing } from './queries/save-repricing.ts';

/** Calls that are priced again. */
export function repricingTables(postgres: Database) {
  return {
    repricings: {
      insertRepricing: insertRepricing(postgres),
      findRepricing: findRepricing(postgres),
      listRepricings: listRepricings(postgres),
      saveRepricing: saveRepricing(postgres),
      claimRepricing: claimRepricing(postgres),
    },
  };
}
