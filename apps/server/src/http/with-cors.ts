import { GatewayError } from '@app/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Cors } from '../config/cors-fields.ts';

type Plugin = (app: FastifyInstance) => void | Promise<void>;

/**
 * The addresses of a plugin, callable from pages of the listed origins; as it is where none is listed. An origin is compared
 * to the letter, so that no name that merely begins or ends like one passes. Pages call with a key; cookies are never
 * accepted from them, as no reply says `access-control-allow-credentials`. Source: Fetch Standard, "CORS protocol".
 */
export function withCors({ origins, max_age_seconds: maxAgeS }: Cors, plugin: Plugin): Plugin {
  if (origins.length === 0) return plugin;
  const allowed = new Set(origins);
  return async (app) => {
    const paths = new Set<string>();
    app.addHook('onRoute', ({ url, method }) => {
      if (method !== 'OPTIONS') paths.add(url);
    });
    app.addHook('onRequest', (request, reply, done) => {
      open(allowed, request, reply);
      done();
    });
    await plugin(app);
    for (const path of [...paths]) {
      // Answered before anything of the request is read.
      const answer = (request: FastifyRequest, reply: FastifyReply) =>
        answerPreflight(request, reply, { allowed, maxAgeS });
      app.options(path, { onRequest: async (request, reply) => answer(request, reply) }, answer);
    }
  };
}

/** On the raw reply, as calls answer on it themselves. */
function open(allowed: ReadonlySet<string>, { headers }: FastifyRequest, reply: FastifyReply): void {
  // Also without an origin, or a cache would hand its copy to a page that asks later.
  reply.raw.setHeader('vary', 'Origin');
  const { origin } = headers;
  if (origin === undefined || !allowed.has(origin)) return;
  reply.raw.setHeader('access-control-allow-origin', origin);
  reply.raw.setHeader('access-control-expose-headers', EXPOSED);
}

type Rules = { allowed: ReadonlySet<string>; maxAgeS: number };

function answerPreflight(request: FastifyRequest, reply: FastifyReply, { allowed, maxAgeS }: Rules) {
  const { origin, 'access-control-request-headers': wanted = '' } = request.headers;
  if (origin === undefined || !allowed.has(origin)) {
    throw new GatewayError('insufficient_permissions', 'Pages of this origin may not call this server.', {
      retryable: false,
    });
  }
  const names = wanted
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && isTaken(name));
  return reply
    .code(204)
    .headers({
      vary: 'Origin, Access-Control-Request-Headers',
      'access-control-allow-methods': 'GET, POST, DELETE',
      ...(names.length > 0 && { 'access-control-allow-headers': names.slice(0, 100).join(', ') }),
      'access-control-max-age': String(maxAgeS),
    })
    .send();
}

/** Headers that callers send: ours, and those of the vendors' own libraries. */
function isTaken(name: string): boolean {
  return TAKEN.has(name) || /^x-(tokenrouter|tr|stainless)-[a-z-]{1,40}$/.test(name);
}

const TAKEN = new Set([
  ...['accept', 'accept-language', 'authorization', 'content-type', 'cache-control', 'user-agent'],
  ...['x-api-key', 'api-key', 'x-goog-api-key', 'x-goog-api-client', 'x-provider'],
  ...['anthropic-version', 'anthropic-beta', 'anthropic-dangerous-direct-browser-access'],
  ...['openai-beta', 'openai-organization', 'openai-project', 'idempotency-key', 'x-idempotency-key'],
  ...['traceparent', 'tracestate', 'baggage', 'x-request-id', 'last-event-id', 'http-referer', 'x-title'],
]);

const EXPOSED = [
  ...['x-request-id', 'request-id', 'retry-after', 'x-should-retry'],
  ...['requests', 'tokens'].flatMap((what) =>
    ['limit', 'remaining', 'reset'].map((word) => `x-ratelimit-${word}-${what}`),
  ),
  ...['provider', 'model', 'mode', 'cost-usd', 'attempts', 'cache', 'estimated', 'losses', 'warnings'].map(
    (name) => `x-tokenrouter-${name}`,
  ),
  'x-tokenrouter-request-id',
].join(', ');
