import { GatewayError } from '@app/protocol';
import { APIError } from 'better-auth/api';
import type { Auth } from './create-auth.ts';

/** Who is signed in, by which session and which way in. */
export type SessionUser = {
  id: string;
  name: string;
  email: string;
  /** The session's id, which is not its token. */
  sessionId: string;
  /** `password`, `passkey`, or the id of a provider; undefined for sessions from before this was kept. */
  method: string | undefined;
  twoFactor: boolean;
};

/** Who a request's cookie belongs to, and cookies to send back when the session was prolonged. */
export type FindSession = (headers: {
  [name: string]: string | string[] | undefined;
}) => Promise<{ user: SessionUser; setCookies: readonly string[] } | undefined>;

export type FindSessionDeps = {
  auth: Auth;
  /** Notes that a session was used. Not waited for. */
  touchSession: (userId: string, use: { id: string; nowMs: number }) => Promise<unknown>;
  nowMs: () => number;
};

/** How exactly is known when a session was used last. */
const ACTIVITY_STEP_MS = 60_000;

/** Looks a session up by its signed cookie. Throws `store_unavailable` when the sign-in tables do not answer. */
export function createFindSession({ auth, touchSession, nowMs }: FindSessionDeps): FindSession {
  return async ({ cookie }) => {
    if (typeof cookie !== 'string') return undefined;
    try {
      const { headers, response } = await auth.api.getSession({
        headers: new Headers({ cookie }),
        returnHeaders: true,
      });
      if (response === null) return undefined;
      const { id, name, email } = response.user;
      const { id: sessionId, method, twoFactor, lastActiveAt } = response.session;
      const now = nowMs();
      if (!lastActiveAt || now - lastActiveAt.getTime() >= ACTIVITY_STEP_MS) {
        // What was active a moment ago is no reason to refuse somebody.
        touchSession(id, { id: sessionId, nowMs: now }).catch(() => undefined);
      }
      const user = { id, name, email, sessionId, method: method ?? undefined, twoFactor: twoFactor === true };
      return { user, setCookies: headers.getSetCookie() };
    } catch (error) {
      if (error instanceof APIError && error.status !== 'INTERNAL_SERVER_ERROR') return undefined;
      const message = 'Sessions cannot be looked up now. Try again soon.';
      throw new GatewayError('store_unavailable', message, { retryAfterS: 2, cause: error });
    }
  };
}
