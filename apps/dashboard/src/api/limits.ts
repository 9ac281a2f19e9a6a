import { Limit, type LimitChange, LimitList, type NewLimit } from '@app/contract';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { ask, queryOf } from './client.ts';

const REFRESH_MS = 5_000;

const path = (project: string) => `/api/v1/projects/${encodeURIComponent(project)}/limits`;
const one = (project: string, id: string) => `${path(project)}/${encodeURIComponent(id)}`;

export const limitsQuery = (project: string) =>
  infiniteQueryOptions({
    queryKey: ['limits', project],
    queryFn: ({ signal, pageParam }) =>
      ask(`${path(project)}${queryOf({ cursor: pageParam })}`, LimitList, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: REFRESH_MS,
  });

export const createLimit = (project: string, limit: NewLimit) =>
  ask(path(project), Limit, { method: 'POST', body: limit });

export const updateLimit = (project: string, id: string, change: LimitChange) =>
  ask(one(project, id), Limit, { method: 'PATCH', body: change });

export const deleteLimit = (project: string, id: string) =>
  ask(one(project, id), z.unknown(), { method: 'DELETE' });
