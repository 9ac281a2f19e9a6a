import { type OverviewRange, PromptDetails, PromptList, SessionList, UserList } from '@app/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { ask, queryOf } from './client.ts';

export type StretchFilter = {
  range: OverviewRange;
  search?: string | undefined;
  environment?: string | undefined;
};

const path = (project: string, noun: string) => `/api/v1/projects/${encodeURIComponent(project)}/${noun}`;

const listQuery =
  <List extends z.ZodType<{ next_cursor: string | null }>>(noun: string, schema: List) =>
  (project: string, filter: StretchFilter) =>
    infiniteQueryOptions({
      queryKey: [noun, project, filter],
      queryFn: ({ signal, pageParam }) =>
        ask(path(project, noun) + queryOf({ ...filter, cursor: pageParam }), schema, { signal }),
      initialPageParam: '',
      getNextPageParam: (page) => page.next_cursor,
      placeholderData: (previous) => previous,
    });

/** Conversations, the one with the newest call first. */
export const sessionsQuery = listQuery('sessions', SessionList);
/** The people behind the calls, who spent most first. */
export const usersQuery = listQuery('users', UserList);
/** Prompts by what they cost. */
export const promptsQuery = listQuery('prompts', PromptList);

export const promptQuery = (project: string, id: string, filter: Omit<StretchFilter, 'search'>) =>
  queryOptions({
    queryKey: ['prompt', project, id, filter],
    queryFn: ({ signal }) =>
      ask(`${path(project, 'prompts')}/${encodeURIComponent(id)}${queryOf(filter)}`, PromptDetails, {
        signal,
      }),
    placeholderData: (previous) => previous,
  });
