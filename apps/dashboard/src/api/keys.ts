import { CreatedKey, KeyList, type NewKey } from '@app/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { ask, queryOf } from './client.ts';

/** The most that the server gives at once. */
const NAMES_MAX = 200;

const path = (project: string) => `/api/v1/projects/${encodeURIComponent(project)}/keys`;

export const keysQuery = (project: string) =>
  infiniteQueryOptions({
    queryKey: ['keys', project],
    queryFn: ({ signal, pageParam }) =>
      ask(`${path(project)}${queryOf({ cursor: pageParam })}`, KeyList, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });

/** The names of the newest keys by id; the id of an older one has to do. */
export const keyNamesQuery = (project: string) =>
  queryOptions({
    queryKey: ['key-names', project],
    queryFn: async ({ signal }) => {
      const { data } = await ask(`${path(project)}${queryOf({ limit: NAMES_MAX })}`, KeyList, { signal });
      return new Map(data.map((key) => [key.id, key.name]));
    },
    staleTime: 60_000,
  });

/** Creates a key. The answer is the only one that ever holds its secret. */
export const createKey = (project: string, key: NewKey) =>
  ask(path(project), CreatedKey, { method: 'POST', body: key });

export const revokeKey = (project: string, id: string) =>
  ask(`${path(project)}/${encodeURIComponent(id)}`, z.unknown(), { method: 'DELETE' });
