import { createHash } from 'node:crypto';
import { APIError } from 'better-auth/api';
import type { IdentityProvider } from './providers/identity-provider.ts';

/** What of a request matters to a session that it begins. */
export type SessionSource = {
  path: string | undefined;
  /** The provider's id, at a callback. */
  providerId: string | undefined;
  /** A one-time code that was sent. */
  code: string | undefined;
  /** The session that the request came with, if the library looked. */
  current: { method?: unknown; twoFactor?: unknown } | undefined;
};

export type NewSession = { userId: string; method?: unknown; twoFactor?: unknown };

export type SessionHooksDeps = {
  providers: readonly IdentityProvider[];
  /** True for exactly one use of a code while it is good. */
  insertUsedCode: (
    userId: string,
    code: { digest: string; nowMs: number; lifetimeMs: number },
  ) => Promise<boolean>;
  nowMs: () => number;
};

/** A code is good for its half minute, the one before and the one after. */
export const CODE_GOOD_MS = 120_000;

/**
 * What a new session says about itself: the way in and whether it took two factors. A one-time code that begins a session
 * is good once, also within the half minute in which it is right. Throws the library's error for one that was used.
 */
export function createSessionHooks({ providers, insertUsedCode, nowMs }: SessionHooksDeps) {
  return async (
    session: NewSession,
    source: SessionSource,
  ): Promise<{ method: string; twoFactor: boolean }> => {
    const { path, current } = source;
    if (path === '/two-factor/verify-totp') {
      const digest = createHash('sha256')
        .update(`${session.userId}:${source.code}`, 'utf8')
        .digest('base64url');
      if (!(await insertUsedCode(session.userId, { digest, nowMs: nowMs(), lifetimeMs: CODE_GOOD_MS }))) {
        throw new APIError('UNAUTHORIZED', { code: 'INVALID_CODE', message: 'Invalid code' });
      }
    }
    const given = session.method ?? current?.method;
    const method = typeof given === 'string' ? given : 'password';
    switch (path) {
      case '/callback/:id':
        return {
          method: source.providerId ?? 'unknown',
          twoFactor: providers.some(({ id, isTwoFactor }) => id === source.providerId && isTwoFactor),
        };
      case '/two-factor/verify-totp':
      case '/two-factor/verify-backup-code':
        return { method, twoFactor: true };
      case '/two-factor/disable':
        return { method, twoFactor: method === 'passkey' };
      case '/change-password':
        return { method, twoFactor: current?.twoFactor === true };
      case '/sign-in/email':
        return { method: 'password', twoFactor: false };
      default:
        return { method, twoFactor: session.twoFactor === true };
    }
  };
}
