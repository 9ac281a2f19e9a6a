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

const Refusal = z.object({ message: z.string().optional(), code: z.string().optional() });

/** Signs in with e-mail and password; the session arrives as a cookie. Throws `ApiError` with a sentence for the person. */
export async function signIn(email: string, password: string): Promise<void> {
  const answer = await fetch('/api/auth/sign-in/email', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  if (answer.ok) return;
  const refusal = Refusal.safeParse(await answer.json().catch(() => ({})));
  const message =
    answer.status === 429
      ? 'Too many tries. Wait a minute, then try again.'
      : answer.status === 401
        ? 'E-mail or password is wrong.'
        : (refusal.data?.message ?? `The server answered with status ${answer.status}.`);
  throw new ApiError(answer.status, message, { code: refusal.data?.code ?? 'unknown', param: null });
}

export async function signOut(): Promise<void> {
  await ask('/api/auth/sign-out', z.unknown(), { method: 'POST', body: {} });
}

function nobodyWhen401(error: unknown): null {
  if (error instanceof ApiError && error.status === 401) return null;
  throw error;
}
