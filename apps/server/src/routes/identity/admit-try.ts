import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Admitted, SignInLimit } from '../../identity/create-sign-in-limit.ts';
import type { AuthRoute } from './auth-routes.ts';

type Tried = { route: AuthRoute; request: FastifyRequest; body: object | undefined };

/** Counts what is tried at a route, before it is tried. */
export async function admitTry(
  limit: SignInLimit,
  { route: { tries }, request, body }: Tried,
): Promise<Admitted | { ok: false; retryAfterS: number }> {
  if (tries === undefined) return { ok: true, settle: async () => undefined };
  const { kind } = tries;
  const account = accountOf(tries.account, request, body);
  return limit.admit({ kind, ip: request.ip, account });
}

function accountOf(
  by: NonNullable<AuthRoute['tries']>['account'],
  { headers }: FastifyRequest,
  body: object | undefined,
): string | undefined {
  if (by === 'nobody') return undefined;
  if (by === 'email') return String(Reflect.get(body ?? {}, 'email'));
  // A session, or somebody on the way to one, is known by a cookie; who has none tries nothing but the network.
  const name = by === 'session' ? 'session_token' : 'two_factor';
  const cookie = new RegExp(`(?:^|;\\s*)(?:__Secure-|__Host-)?tokenrouter\\.${name}=([^;]+)`).exec(
    headers.cookie ?? '',
  );
  return cookie?.[1] === undefined ? undefined : createHash('sha256').update(cookie[1]).digest('base64url');
}
