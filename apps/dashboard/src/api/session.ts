import { Session, type Setup, SetupState } from '@app/contract';
import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { ApiError, ask } from './client.ts';

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => ask('/api/v1/session', Session, { signal }).catch(nobodyWhen401),
  staleTime: 60_000,
});

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: ({ signal }) => ask('/api/v1/setup', SetupState, { signal }),
});

export const setUp = (setup: Setup) => ask('/api/v1/setup', z.unknown(), { method: 'POST', body: setup });

export async function signOut(): Promise<void> {
  await ask('/api/auth/sign-out', z.unknown(), { method: 'POST', body: {} });
}

function nobodyWhen401(error: unknown): null {
  if (error instanceof ApiError && error.status === 401) return null;
  throw error;
}
