import {
  type NewProviderCredential,
  ProviderCredential,
  type ProviderCredentialChange,
  ProviderCredentialCheck,
  ProviderCredentialList,
} from '@app/contract';
import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { ask } from './client.ts';

/** A key that cools down is ready again by itself. */
const REFRESH_MS = 15_000;

const path = (project: string) => `/api/v1/projects/${encodeURIComponent(project)}/provider-credentials`;
const one = (project: string, id: string) => `${path(project)}/${encodeURIComponent(id)}`;

export const credentialsQuery = (project: string) =>
  queryOptions({
    queryKey: ['credentials', project],
    queryFn: ({ signal }) => ask(path(project), ProviderCredentialList, { signal }),
    refetchInterval: REFRESH_MS,
  });

export const createCredential = (project: string, credential: NewProviderCredential) =>
  ask(path(project), ProviderCredential, { method: 'POST', body: credential });

export const updateCredential = (project: string, id: string, change: ProviderCredentialChange) =>
  ask(one(project, id), ProviderCredential, { method: 'PATCH', body: change });

export const deleteCredential = (project: string, id: string) =>
  ask(one(project, id), z.unknown(), { method: 'DELETE' });

/** Asks the provider whether it takes the key; no model works for it. */
export const checkCredential = (project: string, id: string) =>
  ask(`${one(project, id)}/check`, ProviderCredentialCheck, { method: 'POST' });
