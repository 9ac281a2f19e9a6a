import {
  type DataFilter,
  Deletion,
  DeletionList,
  type ExportSearch,
  type RetentionChange,
  RetentionPolicy,
  StorageUse,
} from '@app/contract';
import { queryOptions } from '@tanstack/react-query';
import { ask, queryOf } from './client.ts';

const base = (project: string) => `/api/v1/projects/${encodeURIComponent(project)}`;
const REFRESH_MS = 2_000;

export const retentionQuery = (project: string) =>
  queryOptions({
    queryKey: ['retention', project],
    queryFn: ({ signal }) => ask(`${base(project)}/retention`, RetentionPolicy, { signal }),
  });

export const updateRetention = (project: string, change: RetentionChange) =>
  ask(`${base(project)}/retention`, RetentionPolicy, { method: 'PATCH', body: change });

export const storageQuery = (project: string) =>
  queryOptions({
    queryKey: ['storage-use', project],
    queryFn: ({ signal }) => ask(`${base(project)}/storage-use`, StorageUse, { signal }),
  });

/** Asked again and again while one of them is at work. */
export const deletionsQuery = (project: string) =>
  queryOptions({
    queryKey: ['deletions', project],
    queryFn: ({ signal }) => ask(`${base(project)}/deletions`, DeletionList, { signal }),
    refetchInterval: ({ state }) => (state.data?.data.some(isAtWork) ? REFRESH_MS : false),
  });

export const isAtWork = ({ state }: Deletion): boolean => !['done', 'failed', 'counted'].includes(state);

export const createDeletion = (project: string, filter: DataFilter, isDryRun: boolean) =>
  ask(`${base(project)}/deletions`, Deletion, { method: 'POST', body: { filter, dry_run: isDryRun } });

export const findDeletion = (project: string, id: string) =>
  ask(`${base(project)}/deletions/${encodeURIComponent(id)}`, Deletion);

/** Where everything that the search leaves comes from as a file, a line each. */
export const exportAddress = (project: string, search: ExportSearch): string =>
  `${base(project)}/export${queryOf(search)}`;
