import {
  type BudgetAction,
  type BudgetChange,
  type NewBudget,
  NewBudget as NewBudgetShape,
} from '@app/contract';
import type { InsertLimit, StoredLimit, UpdateLimit } from '@app/store';
import { invalid, type LimitPlace } from './limit-place.ts';
import { parseUsd } from './parse-usd.ts';
import { readScope, type ScopeDeps } from './read-scope.ts';

export type BudgetShapeDeps = ScopeDeps & {
  /** Whether calls can be sent to a model of this name. */
  hasModel: (name: string) => boolean;
};

/** A budget as it is kept, without what it gets when it is made. Throws a 400 that names the field. */
export async function readBudget(
  deps: BudgetShapeDeps,
  place: LimitPlace,
  input: NewBudget,
): Promise<Omit<InsertLimit, 'id' | 'projectId' | 'source' | 'createdAtMs' | 'createdBy'>> {
  const given = NewBudgetShape.parse(input);
  const scope = await readScope(deps, place, given.scope);
  checkAction(deps, scope, given.action);
  return {
    name: given.name,
    scope,
    measure: 'cost',
    period: given.period,
    max: parseUsd(given.amount_usd),
    enforcement: given.enforcement,
    budget: {
      action: given.action.kind,
      routeModel: given.action.kind === 'route' ? given.action.model : undefined,
      warnPercents: ascending(given.warn_percents),
      isStrict: given.mode === 'strict',
      carriesOver: given.carry_over,
      owner: given.owner ?? undefined,
    },
  };
}

/** What changes of a budget. Throws a 400 that names the field. */
export function readBudgetChange(
  deps: BudgetShapeDeps,
  budget: StoredLimit,
  change: BudgetChange,
): Omit<UpdateLimit, 'projectId' | 'id' | 'isBudget'> {
  if (Object.values(change).every((value) => value === undefined))
    throw invalid(
      'name',
      'There is nothing to change: give name, amount_usd, action, owner or another field.',
    );
  if (change.action !== undefined) checkAction(deps, budget.scope, change.action);
  return {
    name: change.name,
    max: change.amount_usd === undefined ? undefined : parseUsd(change.amount_usd),
    enforcement: change.enforcement,
    action: change.action,
    warnPercents: change.warn_percents === undefined ? undefined : ascending(change.warn_percents),
    isStrict: change.mode === undefined ? undefined : change.mode === 'strict',
    carriesOver: change.carry_over,
    owner: change.owner,
  };
}

function checkAction(
  { hasModel }: BudgetShapeDeps,
  scope: { kind: string; id: string },
  action: BudgetAction,
): void {
  if (action.kind !== 'route') return;
  if (!hasModel(action.model)) {
    throw invalid(
      'action.model',
      `action.model: no provider serves "${action.model}". GET /v1/models lists the names that can be called.`,
    );
  }
  if (scope.kind === 'model' && (scope.id === action.model || scope.id === '*')) {
    throw invalid(
      'action.model',
      'action.model: this budget counts that model too, so that the call would be refused all the same. Name another.',
    );
  }
}

function ascending(percents: readonly number[]): number[] {
  return [...new Set(percents)].toSorted((a, b) => a - b);
}
