import { createFindPeriod } from '@app/gateway';
import type { RelationalStore, StoredNotice } from '@app/store';
import { type IdSource, newId } from '../../ids.ts';
import { type Budgets, createBudgets } from './create-budgets.ts';
import { createLimits, type Limits } from './create-limits.ts';
import { createReadStandings, type StandingsDeps } from './read-standings.ts';
import { createReadStates } from './read-states.ts';

export type LimitManagementDeps = Pick<StandingsDeps, 'readCount' | 'findLimit' | 'flush'> & {
  store: Pick<RelationalStore, 'limits' | 'limitUsage' | 'tenants'>;
  hasModel: (name: string) => boolean;
  deliver: (notice: StoredNotice) => void;
  ids: IdSource;
};

/** Limits and budgets as things that people manage, over the API and on the command line. */
export function createLimitManagement(deps: LimitManagementDeps): { limits: Limits; budgets: Budgets } {
  const { store, ids, readCount, findLimit, flush, hasModel, deliver } = deps;
  const { limits, limitUsage: usage, tenants } = store;
  const { nowMs } = ids;
  const findPeriod = createFindPeriod();
  const readStandings = createReadStandings({
    limits,
    usage,
    readCount,
    findLimit,
    flush,
    findPeriod,
    nowMs,
  });
  const common = {
    limits,
    tenants,
    readStandings,
    nowMs,
    newId: (prefix: `${string}_`) => newId(prefix, ids),
  };
  const readStates = createReadStates({ limits, usage, readStandings, findPeriod, nowMs });
  return {
    limits: createLimits(common),
    budgets: createBudgets({ ...common, readStates, findPeriod, hasModel, deliver }),
  };
}
