import {
  Budget,
  type BudgetChange,
  type BudgetDecline,
  type BudgetGrant,
  BudgetList,
  BudgetNoticeList,
  type NewBudget,
} from '@app/contract';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { ask, queryOf } from './client.ts';

/** Budgets burn while they are looked at. */
const REFRESH_MS = 5_000;
/** The most that the server gives at once: the worst of them come first here, so all of them are wanted. */
const PAGE_ROWS = 200;

const project = (id: string) => `/api/v1/projects/${encodeURIComponent(id)}`;
const path = (id: string) => `${project(id)}/budgets`;
const one = (projectId: string, id: string) => `${path(projectId)}/${encodeURIComponent(id)}`;

export const budgetsQuery = (projectId: string) =>
  infiniteQueryOptions({
    queryKey: ['budgets', projectId],
    queryFn: ({ signal, pageParam }) =>
      ask(`${path(projectId)}${queryOf({ limit: PAGE_ROWS, cursor: pageParam })}`, BudgetList, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: REFRESH_MS,
  });

/** What one budget did, or without an id all of the project's, newest first. */
export const budgetNoticesQuery = (projectId: string, id?: string) =>
  infiniteQueryOptions({
    queryKey: ['budget-notices', projectId, id],
    queryFn: ({ signal, pageParam }) => {
      const place =
        id === undefined ? `${project(projectId)}/budget-notices` : `${one(projectId, id)}/notices`;
      return ask(`${place}${queryOf({ cursor: pageParam })}`, BudgetNoticeList, { signal });
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: REFRESH_MS,
  });

export const createBudget = (projectId: string, budget: NewBudget) =>
  ask(path(projectId), Budget, { method: 'POST', body: budget });

export const updateBudget = (projectId: string, id: string, change: BudgetChange) =>
  ask(one(projectId, id), Budget, { method: 'PATCH', body: change });

export const deleteBudget = (projectId: string, id: string) =>
  ask(one(projectId, id), z.unknown(), { method: 'DELETE' });

/** More money for the rest of the current period. */
export const grantBudget = (projectId: string, id: string, grant: BudgetGrant) =>
  ask(`${one(projectId, id)}/grants`, z.unknown(), { method: 'POST', body: grant });

/** No more money for this period: the other answer to what a budget asked. */
export const declineBudget = (projectId: string, id: string, decline: BudgetDecline) =>
  ask(`${one(projectId, id)}/declines`, z.unknown(), { method: 'POST', body: decline });
