import type { Send } from '@app/gateway';
import { GatewayError } from '@app/protocol';
import { authHeaders } from '@app/providers';
import { Pool } from 'undici';
import { type AllowedHosts, parseAllowedHosts } from './allowed-hosts.ts';
import { parseBaseUrl } from './base-url.ts';
import { createConnector, type Resolve } from './create-connector.ts';
import { openExchange } from './exchange.ts';
import { writeHeaders } from './write-headers.ts';

type OutboundLimits = {
  connectTimeoutMs: number;
  /** The longest silence before the answer's head, and between two pieces of its body. */
  silenceTimeoutMs: number;
  /** How long an unused connection is kept. */
  keepAliveMs: number;
  connectionsPerOriginMax: number;
  headerBytesMax: number;
  responseBytesMax: number;
};

const outboundDefaults: OutboundLimits = {
  connectTimeoutMs: 10_000,
  silenceTimeoutMs: 600_000,
  keepAliveMs: 30_000,
  connectionsPerOriginMax: 16_384,
  headerBytesMax: 32_768,
  responseBytesMax: 256 * 1024 * 1024,
};

export type OutboundDeps = {
  /** Hosts that may have private addresses and may be spoken to without TLS: names or addresses, with or without a port. */
  allowPrivateHosts: readonly string[];
  resolve: Resolve;
  /** Answers every request of mode `test`. */
  sandboxSend: Send;
  limits?: Partial<OutboundLimits>;
  /** Certificate authorities in PEM instead of the built-in ones. */
  ca?: string;
};

/** `close` lets requests under way end; `destroy` does not. */
export type Outbound = { send: Send; close(): Promise<void>; destroy(): Promise<void> };

/**
 * The only HTTP client. A request of mode `test` reaches the sandbox and nothing else; every other one goes to its
 * provider's origin, with that provider's credential, to an address that was checked. Every failure is a
 * `GatewayError`, given to `onError` and never thrown.
 */
export function createOutbound(deps: OutboundDeps): Outbound {
  const findEndpoint = createEndpoints({
    ...deps,
    limits: { ...outboundDefaults, ...deps.limits },
    allowedHosts: parseAllowedHosts(deps.allowPrivateHosts),
  });

  const sendLive: Send = (request, reply) => {
    const { provider } = request;
    const exchange = openExchange(provider, reply);
    try {
      if (provider.id === SANDBOX_ID) throw new GatewayError('provider_not_allowed', SANDBOX_REFUSED);
      const endpoint = findEndpoint.get(provider.baseUrl);
      endpoint.pool.dispatch(
        {
          method: 'POST',
          path: endpoint.pathTo(request.path),
          headers: writeHeaders(provider.headers, request.headers, authHeaders(provider.auth)),
          body: request.body,
        },
        exchange.handler,
      );
    } catch (error) {
      // The caller of `send` gets its handle before it hears of a failure.
      queueMicrotask(() => exchange.fail(error));
    }
    return exchange.sending;
  };

  return {
    send: (request, reply) => {
      if (request.mode === 'test') return deps.sandboxSend(request, reply);
      return sendLive(request, reply);
    },
    close: () => findEndpoint.stop((pool) => pool.close()),
    destroy: () => findEndpoint.stop((pool) => pool.destroy()),
  };
}

/** The provider that only test keys reach. */
const SANDBOX_ID = 'sandbox';
const SANDBOX_REFUSED = 'The sandbox answers test keys only.';

type Endpoint = { pool: Pool; pathTo(path: string): string };
type EndpointDeps = OutboundDeps & { limits: OutboundLimits; allowedHosts: AllowedHosts };

/** One pool per origin; base URLs come from the operator alone, so their number is small. */
function createEndpoints(deps: EndpointDeps) {
  const endpoints = new Map<string, Endpoint>();
  const pools = new Map<string, Pool>();

  const open = (baseUrl: string): Endpoint => {
    const url = parseBaseUrl(baseUrl, deps.allowedHosts);
    const pool = pools.get(url.origin) ?? createPool(url, deps);
    pools.set(url.origin, pool);
    const basePath = url.pathname.replace(/\/+$/, '');
    const endpoint = { pool, pathTo: (path: string) => basePath + checkedPath(path) + url.search };
    endpoints.set(baseUrl, endpoint);
    return endpoint;
  };

  return {
    get: (baseUrl: string): Endpoint => endpoints.get(baseUrl) ?? open(baseUrl),
    stop: async (stopPool: (pool: Pool) => Promise<void>): Promise<void> => {
      await Promise.all([...pools.values()].map(stopPool));
    },
  };
}

/** Joined to a pool of one origin, a path can not leave it; this keeps it below the base path too. */
function checkedPath(path: string): string {
  if (path.startsWith('/') && !path.includes('..')) return path;
  throw new GatewayError('internal_error', 'An internal error occurred.', { cause: `path ${path}` });
}

function createPool(url: URL, { limits, allowedHosts, resolve, ca }: EndpointDeps): Pool {
  return new Pool(url.origin, {
    allowH2: false,
    pipelining: 1,
    connections: limits.connectionsPerOriginMax,
    keepAliveTimeout: limits.keepAliveMs,
    headersTimeout: limits.silenceTimeoutMs,
    bodyTimeout: limits.silenceTimeoutMs,
    maxHeaderSize: limits.headerBytesMax,
    maxResponseSize: limits.responseBytesMax,
    connect: createConnector({
      url,
      allowedHosts,
      resolve,
      connectTimeoutMs: limits.connectTimeoutMs,
      ...(ca === undefined ? {} : { ca }),
    }),
  });
}
