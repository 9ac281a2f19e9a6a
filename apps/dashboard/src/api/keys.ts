import { CreatedKey, KeyList, type NewKey } from '@app/contract';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { ask, queryOf } from './client.ts';

const path = (project: string) => `/api/v1/projects/${encodeURIComponent(project)}/keys`;

export const keysQuery = (project: string) =>
  infiniteQueryOptions({
    queryKey: ['keys', project],
    queryFn: ({ signal, pageParam }) =>
      ask(`${path(project)}${queryOf({ cursor: pageParam })}`, KeyList, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });

/** Creates a key. The answer is the only one that ever holds its secret. */
export const createKey = (project: string, key: NewKey) =>
  ask(path(project), CreatedKey, { method: 'POST', body: key });

export const revokeKey = (project: string, id: string) =>
  ask(`${path(project)}/${encodeURIComponent(id)}`, z.unknown(), { method: 'DELETE' });
