import type { IncomingMessage } from 'node:http';
import { GatewayError } from '@app/protocol';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type IdSource, newId } from '../ids.ts';
import { answerClientError } from './answer-client-error.ts';
import { createEdgeServer, type EdgeTls } from './create-edge-server.ts';
import { type EdgeLimits, edgeDefaults } from './edge-limits.ts';
import { createMethodTable } from './find-allowed-methods.ts';
import { type JsonLimits, jsonDefaults, parseJsonBody } from './parse-json-body.ts';
import { dialectOf, gatewayErrorOf, renderError } from './render-error.ts';
import { HSTS, strictestHeaders } from './security-headers.ts';

export type AppDeps = {
  ids: IdSource;
  limits?: Partial<EdgeLimits>;
  /** Answers by HTTPS itself; plain HTTP when absent. */
  tls?: EdgeTls | undefined;
  /** Whether callers reach us by HTTPS only, whatever the last stretch speaks: then each of them is told to insist on it. */
  isHttps?: boolean;
  /** Addresses or ranges of proxies before us; only what they say about a caller's address and protocol is believed. */
  trustedProxies?: readonly string[];
  /** Hears of errors that nobody foresaw. Nothing of a request but its id is handed over. */
  onInternalError: (error: unknown, requestId: string) => void;
  /** Which requests may become another protocol; none when absent. All others are answered as plain HTTP. */
  isUpgrade?: (request: IncomingMessage) => boolean;
  /** Routes, each plugin in a scope of its own. */
  plugins: readonly ((app: FastifyInstance) => void | Promise<void>)[];
};

/**
 * The HTTP edge: one Fastify server with limits on everything a stranger can send, a request id and one error
 * envelope on every reply, and no routes but those of its plugins. Call `listen` and `close` on what it gives.
 */
export async function createApp(deps: AppDeps): Promise<FastifyInstance> {
  const limits = { ...edgeDefaults, ...deps.limits };
  const newRequestId = () => newId('req_', deps.ids);
  const app = Fastify({
    logger: false,
    trustProxy:
      deps.trustedProxies === undefined || deps.trustedProxies.length === 0
        ? false
        : [...deps.trustedProxies],
    genReqId: newRequestId,
    // Streams under way are drained by whoever stops the server, before it closes.
    forceCloseConnections: true,
    bodyLimit: FRAMEWORK_BODY_BYTES_MAX,
    serverFactory: (handle) =>
      createEdgeServer(handle, { limits, tls: deps.tls, isUpgrade: deps.isUpgrade ?? (() => false) }),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, newRequestId()),
    frameworkErrors: (error, request, reply) => sendError(gatewayErrorOf(error), request, reply),
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
  });

  useJsonParser(app, jsonDefaults);
  app.addHook('onRequest', (request, _reply, done) => done(findAmbiguity(request.raw)));
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
    for (const [name, value] of STRICTEST) if (!reply.hasHeader(name)) reply.header(name, value);
    if (deps.isHttps === true || request.protocol === 'https')
      reply.header('strict-transport-security', HSTS);
  });
  const methods = createMethodTable();
  app.addHook('onRoute', (route) => methods.add(route.url, route.method));
  app.setErrorHandler((thrown, request, reply) => {
    const error = gatewayErrorOf(thrown);
    if (error.code === 'internal_error') deps.onInternalError(thrown, request.id);
    return sendError(error, request, reply);
  });
  app.setNotFoundHandler((request, reply) => {
    const allowed = methods.find(pathOf(request.url));
    if (allowed.length > 0) reply.header('allow', allowed.join(', '));
    return sendError(notFound(request, allowed), request, reply);
  });
  for (const plugin of deps.plugins) await app.register(async (scope) => plugin(scope));
  return app;
}

/**
 * Of what Fastify reads itself, also for addresses that do not exist and before anybody was asked for a key. Calls bring
 * more, but their routes read it after the key.
 */
const FRAMEWORK_BODY_BYTES_MAX = 64 * 1024;

const STRICTEST = Object.entries(strictestHeaders);

/** The same checks for every body that Fastify parses. An empty body is none, as clients send one with a DELETE. */
function useJsonParser(app: FastifyInstance, limits: JsonLimits): void {
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, bytes, done) => {
    if (bytes.length === 0) return done(null, undefined);
    const parsed = parseJsonBody(Buffer.from(bytes), limits);
    if (parsed.ok) done(null, parsed.value.body);
    else done(parsed.error);
  });
}

/**
 * A proxy before us may believe the second of two, or the host of the address instead of the header, so a request that
 * says twice where it goes or who sends it means something else to each of us.
 */
function findAmbiguity({ rawHeaders, headers, url = '' }: IncomingMessage): GatewayError | undefined {
  const double = findDouble(rawHeaders);
  if (double !== undefined) return refusal(`The header ${double} is there twice.`);
  const { host = '' } = headers;
  if (!HOST_FORM.test(host)) return refusal('The header host is not a host.');
  const isPath = url.startsWith('/') || url === '*';
  return isPath || URL.parse(url)?.host === host ? undefined : refusal('The address names another host.');
}

/** A name or an address with an optional port; nothing by which an address would go on. */
const HOST_FORM = /^[\w.:[\]-]*$/;

function refusal(message: string): GatewayError {
  return new GatewayError('invalid_parameter', message, { retryable: false });
}

function findDouble(rawHeaders: readonly string[]): string | undefined {
  let hosts = 0;
  let credentials = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === HOST.length && name.toLowerCase() === HOST) hosts += 1;
    else if (name.length === AUTHORIZATION.length && name.toLowerCase() === AUTHORIZATION) credentials += 1;
  }
  if (hosts > 1) return HOST;
  return credentials > 1 ? AUTHORIZATION : undefined;
}

const HOST = 'host';
const AUTHORIZATION = 'authorization';

function sendError(error: GatewayError, request: FastifyRequest, reply: FastifyReply): void {
  const { status, headers, body } = renderError(error, request.id, dialectOf(request.url));
  void reply.code(status).headers(headers).send(body);
}

function notFound(request: FastifyRequest, allowed: readonly string[]): GatewayError {
  const path = pathOf(request.url).slice(0, 200);
  const detail = { retryable: false };
  if (allowed.length === 0) return new GatewayError('not_found', `There is nothing at ${path}.`, detail);
  const message = `${request.method} is not allowed at ${path}; use ${allowed.join(' or ')}.`;
  return new GatewayError('method_not_allowed', message, detail);
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
