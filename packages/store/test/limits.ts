import type { StoredBudget } from '../src/postgres/limit-row.ts';
import type { InsertLimit } from '../src/postgres/queries/insert-limit.ts';

const createdAtMs = Date.UTC(2026, 4, 1);

/** A limit of a project that `insertTenant` made. */
export function limitOf(name: string, index: number, changes: Partial<InsertLimit> = {}): InsertLimit {
  return {
    id: `lim_${name}_${index}`,
    projectId: `proj_${name}`,
    name: `limit ${index}`,
    scope: { kind: 'project', id: `proj_${name}` },
    measure: 'tokens',
    period: 'day',
    max: 1_000,
    enforcement: 'enforce',
    source: 'api',
    budget: undefined,
    createdAtMs: createdAtMs + index,
    createdBy: undefined,
    ...changes,
  };
}

/** A budget of ten dollars a month for each user. */
export function budgetOf(name: string, index: number, changes: Partial<StoredBudget> = {}): InsertLimit {
  const budget: StoredBudget = {
    action: 'block',
    routeModel: undefined,
    warnPercents: [50, 80],
    isStrict: false,
    carriesOver: false,
    owner: undefined,
    ...changes,
  };
  return limitOf(name, index, {
    id: `bud_${name}_${index}`,
    scope: { kind: 'user', id: '*' },
    measure: 'cost',
    period: 'month',
    max: 10_000_000_000,
    budget,
  });
}
