import { GatewayError } from '@app/protocol';
import { toStoreError } from '@app/store';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SignInLimit } from '../../identity/create-sign-in-limit.ts';
import type { SignInTrail } from '../../identity/create-sign-in-trail.ts';
import type { Newcomer } from '../../identity/may-join.ts';
import type { SignIn } from '../../identity/open-sign-in.ts';
import { findOwnOrigin, type Site } from '../../identity/site.ts';
import { toCallerError } from '../api/to-caller-error.ts';
import { admitTry } from './admit-try.ts';
import { AUTH_ROUTES, type AuthRoute } from './auth-routes.ts';
import { noteAnswer } from './note-answer.ts';
import { readAuthBody } from './read-auth-body.ts';
import { webRequest } from './web-request.ts';
import { writeLocation } from './write-location.ts';

export type RegisterAuthDeps = {
  auth: Pick<SignIn, 'handler' | 'findSession'>;
  site: Site;
  limit: SignInLimit;
  trail: SignInTrail;
  /** Hears of everybody who signs in by a provider and has an account. */
  welcome: (person: Newcomer & { userId: string }) => Promise<void>;
  /** Whether a forgotten password can be reset by e-mail. */
  sendsMail: boolean;
  /** Hears of what went wrong where nobody waits for it. */
  onWarning: (message: string, error: unknown) => void;
};

const BODY_BYTES_MAX = 16 * 1024;

/** The sign-in routes, in a Fastify scope of their own, because what comes in is read here and not by the server. */
export function registerAuth(deps: RegisterAuthDeps) {
  return (app: FastifyInstance): void => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    for (const route of AUTH_ROUTES) {
      app.route({
        method: route.method,
        url: `/api/auth${route.path}`,
        bodyLimit: BODY_BYTES_MAX,
        handler: (request, reply) =>
          answer(deps, route, { request, reply }).catch((error: unknown) => {
            throw toCallerError(error);
          }),
      });
    }
  };
}

type Exchange = { request: FastifyRequest; reply: FastifyReply };

async function answer(
  deps: RegisterAuthDeps,
  route: AuthRoute,
  { request, reply }: Exchange,
): Promise<FastifyReply> {
  const origin = ownOrigin(deps.site, request);
  const body = readAuthBody(route, request.body);
  const asked = webRequest(request, { route, origin, body });
  reply.header('cache-control', 'no-store');
  const admitted = await admitTry(deps.limit, { route, request, body });
  if (!admitted.ok) {
    reply.header('retry-after', String(admitted.retryAfterS));
    const message = `Too many tries. Try again in ${admitted.retryAfterS} seconds, or sign in another way.`;
    throw new GatewayError('rate_limit_exceeded', message);
  }
  if (route.path === '/request-password-reset') return answerReset(deps, asked, reply);
  const before = await deps.auth.findSession(request.headers);
  const answered = await deps.auth.handler(asked).catch((error: unknown) => {
    throw toStoreError(error);
  });
  if (answered.status >= 500) throw unavailable();
  const text = await answered.text();
  const outcome = await noteAnswer(deps, { route, request, body, before: before?.user, answered, text });
  await admitted.settle(outcome);
  return send(reply, { answered, text, origin });
}

/** The same for every address, and as fast: what is sent to whom happens afterwards. */
function answerReset(deps: RegisterAuthDeps, asked: Request, reply: FastifyReply): FastifyReply {
  if (!deps.sendsMail) {
    const message =
      'This server sends no e-mail. Whoever runs it can make a link: tokenrouter users reset-link.';
    throw new GatewayError('not_found', message, { retryable: false });
  }
  deps.auth
    .handler(asked)
    .catch((error: unknown) => deps.onWarning('A reset of a password could not be sent.', error));
  return reply.send({
    status: true,
    message: 'If the address has an account with a password, a link is on its way.',
  });
}

type Answered = { answered: Response; text: string; origin: string };

function send(reply: FastifyReply, { answered, text, origin }: Answered): FastifyReply {
  const { headers, status } = answered;
  reply.code(status);
  const retryAfter = headers.get('x-retry-after');
  if (retryAfter !== null) reply.header('retry-after', retryAfter);
  for (const cookie of headers.getSetCookie()) reply.header('set-cookie', cookie);
  if (status >= 300 && status < 400)
    return reply.header('location', writeLocation(headers.get('location'), origin)).send();
  reply.header('content-type', headers.get('content-type') ?? 'application/json');
  return reply.send(withoutToken(text));
}

/** Session tokens are in the cookie that scripts cannot read, and nowhere else. */
function withoutToken(text: string): string {
  if (!text.includes('"token"')) return text;
  return JSON.stringify(JSON.parse(text), (name, value) => (name === 'token' ? undefined : value));
}

function unavailable(): GatewayError {
  return new GatewayError('store_unavailable', 'Signing in is not possible now. Try again soon.', {
    retryAfterS: 2,
  });
}

/** Host must be one of ours, and the page that sends must be there too. */
function ownOrigin(site: Site, request: FastifyRequest): string {
  const { host, origin } = request.headers;
  const own = findOwnOrigin(site, {
    host,
    origin,
    secFetchSite: undefined,
    isTls: request.protocol === 'https',
  });
  if (own !== undefined && (origin === undefined || origin === own)) return own;
  const message =
    'The request was made under another address than this server has. Set TOKENROUTER_PUBLIC_URL to the address that is used.';
  throw new GatewayError('insufficient_permissions', message, { retryable: false });
}
