import {
  CreatedKey,
  Key,
  type KeyChange,
  KeyList,
  type KeyRotation,
  type KeySearch,
  KeyUsageList,
  type KeyUsageRange,
  type NewKey,
  OneKeyUsage,
  RotatedKey,
} from '@app/contract';
import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { ask, queryOf } from './client.ts';

/** The most that the server gives at once. */
const NAMES_MAX = 200;
const REFRESH_MS = 10_000;

const path = (project: string) => `/api/v1/projects/${encodeURIComponent(project)}/keys`;

export type KeyFilter = {
  [name in 'name' | 'status' | 'kind' | 'mode' | 'owner' | 'tag']?: KeySearch[name] | undefined;
};

export const keysQuery = (project: string, filter: KeyFilter) =>
  infiniteQueryOptions({
    queryKey: ['keys', project, filter],
    queryFn: ({ signal, pageParam }) =>
      ask(`${path(project)}${queryOf({ ...filter, cursor: pageParam })}`, KeyList, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (previous) => previous,
  });

export const keyQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['keys', project, 'one', id],
    queryFn: ({ signal }) => ask(one(project, id), Key, { signal }),
    // It may be in use while it is looked at.
    refetchInterval: REFRESH_MS,
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

/** What is shown of keys, and their names, are asked for anew once one was made or changed. */
export const refreshKeys = (queries: QueryClient, project: string) =>
  Promise.all(['keys', 'key-names'].map((name) => queries.invalidateQueries({ queryKey: [name, project] })));

/** Creates a key. The answer is the only one that ever holds its secret. */
export const createKey = (project: string, key: NewKey) =>
  ask(path(project), CreatedKey, { method: 'POST', body: key });

export const revokeKey = (project: string, id: string) =>
  ask(one(project, id), z.unknown(), { method: 'DELETE' });

const one = (project: string, id: string) => `${path(project)}/${encodeURIComponent(id)}`;

export const updateKey = (project: string, id: string, change: KeyChange) =>
  ask(one(project, id), Key, { method: 'PATCH', body: change });

/** Makes a key in the place of this one. The answer is the only one that ever holds the new secret. */
export const rotateKey = (project: string, id: string, rotation: KeyRotation) =>
  ask(`${one(project, id)}/rotate`, RotatedKey, { method: 'POST', body: rotation });

/** The last seven days of each of these keys. */
export const keyUsageQuery = (project: string, ids: readonly string[]) =>
  queryOptions({
    queryKey: ['key-usage', project, ids],
    queryFn: async ({ signal }) => {
      const search = queryOf({ range: '7d', ids: ids.join(',') });
      const url = `/api/v1/projects/${encodeURIComponent(project)}/key-usage${search}`;
      const { data } = await ask(url, KeyUsageList, { signal });
      return new Map(data.map((usage) => [usage.key_id, usage]));
    },
    enabled: ids.length > 0,
    staleTime: 30_000,
  });

/** One key's calls over a range, with when and from where it was last used. */
export const oneKeyUsageQuery = (project: string, id: string, range: KeyUsageRange) =>
  queryOptions({
    queryKey: ['key-usage', project, 'one', id, range],
    queryFn: ({ signal }) => ask(`${one(project, id)}/usage${queryOf({ range })}`, OneKeyUsage, { signal }),
    refetchInterval: REFRESH_MS,
    placeholderData: (previous) => previous,
  });
