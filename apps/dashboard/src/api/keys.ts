import {
  CreatedKey,
  Key,
  type KeyChange,
  KeyList,
  type KeyRotation,
  KeyUsageList,
  type NewKey,
  RotatedKey,
} from '@app/contract';
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
