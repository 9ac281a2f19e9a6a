import { GatewayError } from '@app/protocol';
import { toStoreError } from '@app/store';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { clientAddressHeader } from '../../identity/client-address-header.ts';
import type { SignIn } from '../../identity/open-sign-in.ts';
import { findOwnOrigin, type Site } from '../../identity/site.ts';
import { toCallerError } from '../api/to-caller-error.ts';

/** What of the sign-in library can be reached. Whatever it offers besides does not exist for the outside. */
const ROUTES = [
  ['POST', '/api/auth/sign-in/email'],
  ['POST', '/api/auth/sign-out'],
  ['GET', '/api/auth/get-session'],
  ['POST', '/api/auth/change-password'],
] as const;

/** What a request may carry to the library: nothing by which a client could say who or where it is. */
const FORWARDED = [
  'accept',
  'content-type',
  'cookie',
  'origin',
  'user-agent',
  'sec-fetch-site',
  'sec-fetch-mode',
];

const BODY_BYTES_MAX = 16 * 1024;

/** The sign-in routes, in a Fastify scope of their own, because the library wants bodies as they came. */
export function registerAuth({ auth, site }: { auth: Pick<SignIn, 'handler'>; site: Site }) {
  return (app: FastifyInstance): void => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    for (const [method, url] of ROUTES) {
      app.route({
        method,
        url,
        bodyLimit: BODY_BYTES_MAX,
        handler: async (request, reply) => {
          const asked = webRequest(request, url, ownOrigin(site, request));
          const answer = await auth.handler(asked).catch((error: unknown) => {
            throw toCallerError(toStoreError(error));
          });
          if (answer.status >= 500) throw unavailable();
          reply.code(answer.status).header('cache-control', 'no-store');
          const retryAfter = answer.headers.get('x-retry-after');
          if (retryAfter !== null) reply.header('retry-after', retryAfter);
          reply.header('content-type', answer.headers.get('content-type') ?? 'application/json');
          for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie);
          return reply.send(Buffer.from(await answer.arrayBuffer()));
        },
      });
    }
  };
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

function webRequest(request: FastifyRequest, path: string, origin: string): Request {
  const headers = new Headers();
  for (const name of FORWARDED) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  headers.set(clientAddressHeader, request.ip);
  const body = Buffer.isBuffer(request.body) ? { body: new Uint8Array(request.body) } : {};
  return new Request(new URL(path, origin), { method: request.method, headers, ...body });
}
