import type { Database } from './open-postgres.ts';
import { claimRemapping } from './queries/claim-remapping.ts';
import { findRemapping } from './queries/find-remapping.ts';
import { insertRemapping } from './queries/insert-remapping.ts';
import { listRemappings } from './queries/list-remappings.ts';
import { saveRemapping } from './queries/save-remapping.ts';

/** Received spans that are read anew. */
export function remappingTables(postgres: Database) {
  return {
    remappings: {
      insertRemapping: insertRemapping(postgres),
      findRemapping: findRemapping(postgres),
      listRemappings: listRemappings(postgres),
      saveRemapping: saveRemapping(postgres),
      claimRemapping: claimRemapping(postgres),
    },
  };
}
