import type { Budgets } from '../../../limits/management/create-budgets.ts';
import type { Operation } from '../operation.ts';
import { createBudget } from './create-budget.ts';
import { declineBudget } from './decline-budget.ts';
import { deleteBudget } from './delete-budget.ts';
import { getBudget } from './get-budget.ts';
import { grantBudget } from './grant-budget.ts';
import { listBudgetNotices } from './list-budget-notices.ts';
import { listBudgets } from './list-budgets.ts';
import { listNoticesOfBudget } from './list-notices-of-budget.ts';
import { organizationBudgetOperations } from './organization-budget-operations.ts';
import { updateBudget } from './update-budget.ts';

/** The operations on budgets. */
export function budgetOperations(budgets: Budgets): Operation[] {
  return [
    listBudgets(budgets),
    createBudget(budgets),
    getBudget(budgets),
    updateBudget(budgets),
    deleteBudget(budgets),
    grantBudget(budgets),
    declineBudget(budgets),
    listNoticesOfBudget(budgets),
    listBudgetNotices(budgets),
    ...organizationBudgetOperations(budgets),
  ];
}
