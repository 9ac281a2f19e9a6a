import { Budget, type BudgetChange, BudgetList, BudgetNoticeList, type NewBudget } from '@app/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { ask, queryOf } from './client.ts';

/** Budgets burn while they are looked at. */
const REFRESH_MS = 10_000;

const path = (project: string) => `/api/v1/projects/${encodeURIComponent(project)}/budgets`;
const one = (project: string, id: string) => `${path(project)}/${encodeURIComponent(id)}`;

export const budgetsQuery = (project: string) =>
  infiniteQueryOptions({
    queryKey: ['budgets', project],
    queryFn: ({ signal, pageParam }) =>
      ask(`${path(project)}${queryOf({ cursor: pageParam })}`, BudgetList, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: REFRESH_MS,
  });

export const budgetNoticesQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['budget-notices', project, id],
    queryFn: ({ signal }) => ask(`${one(project, id)}/notices`, BudgetNoticeList, { signal }),
  });

export const createBudget = (project: string, budget: NewBudget) =>
  ask(path(project), Budget, { method: 'POST', body: budget });

export const updateBudget = (project: string, id: string, change: BudgetChange) =>
  ask(one(project, id), Budget, { method: 'PATCH', body: change });

export const deleteBudget = (project: string, id: string) =>
  ask(one(project, id), z.unknown(), { method: 'DELETE' });

/** More money for the rest of the current period. */
export const grantBudget = (
  project: string,
  id: string,
  grant: { amount_usd: string; subject: string; reason?: string },
) => ask(`${one(project, id)}/grants`, z.unknown(), { method: 'POST', body: grant });
