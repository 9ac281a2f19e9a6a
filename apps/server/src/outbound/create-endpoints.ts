import type { Socket } from 'node:net';
import { GatewayError } from '@app/protocol';
import { type buildConnector, Pool } from 'undici';
import type { AllowedHosts } from './allowed-hosts.ts';
import { parseBaseUrl } from './base-url.ts';
import { createConnector, type Resolve } from './create-connector.ts';

export type OutboundLimits = {
  connectTimeoutMs: number;
  /** The longest silence before the answer's head, and between two pieces of its body. */
  silenceTimeoutMs: number;
  /** How long an unused connection is kept. */
  keepAliveMs: number;
  connectionsPerOriginMax: number;
  headerBytesMax: number;
  responseBytesMax: number;
};

export const outboundDefaults: OutboundLimits = {
  connectTimeoutMs: 10_000,
  silenceTimeoutMs: 600_000,
  keepAliveMs: 30_000,
  connectionsPerOriginMax: 16_384,
  headerBytesMax: 32_768,
  responseBytesMax: 256 * 1024 * 1024,
};

/**
 * `host` is what the `host` header says: with the port where it is not the scheme's own. `connect` gives a checked
 * connection outside the pool, for what is no HTTP exchange.
 */
export type Endpoint = {
  pool: Pool;
  host: string;
  isSecure: boolean;
  pathTo(path: string): string;
  connect(): Promise<Socket>;
};

export type EndpointDeps = {
  allowedHosts: AllowedHosts;
  resolve: Resolve;
  limits: OutboundLimits;
  /** Certificate authorities in PEM instead of the built-in ones. */
  ca?: string;
};

export type Endpoints = {
  /** Throws a `GatewayError` when the URL could carry a credential where it must not go. */
  get(baseUrl: string): Endpoint;
  /** Stops every pool. */
  stop(stopPool: (pool: Pool) => Promise<void>): Promise<void>;
};

/** One pool per origin; base URLs come from the operator alone, so their number is small. */
export function createEndpoints(deps: EndpointDeps): Endpoints {
  const endpoints = new Map<string, Endpoint>();
  const pools = new Map<string, Pool>();

  const open = (baseUrl: string): Endpoint => {
    const url = parseBaseUrl(baseUrl, deps.allowedHosts);
    const pool = pools.get(url.origin) ?? createPool(url, deps);
    pools.set(url.origin, pool);
    const basePath = url.pathname.replace(/\/+$/, '');
    const pathTo = (path: string) => withQuery(basePath + checkedPath(path), url.search);
    const endpoint: Endpoint = {
      pool,
      host: url.host,
      isSecure: url.protocol === 'https:',
      pathTo,
      connect: () => connectTo(url, connectorTo(url, deps)),
    };
    endpoints.set(baseUrl, endpoint);
    return endpoint;
  };

  return {
    get: (baseUrl) => endpoints.get(baseUrl) ?? open(baseUrl),
    stop: async (stopPool) => {
      await Promise.all([...pools.values()].map(stopPool));
    },
  };
}

/** Joined to a pool of one origin, a path can not leave it; this keeps it below the base path too. */
function checkedPath(path: string): string {
  if (path.startsWith('/') && !path.includes('..')) return path;
  throw new GatewayError('internal_error', 'An internal error occurred.', { cause: `path ${path}` });
}

/** A base URL's own query comes after the path's, and there is only one question mark. */
function withQuery(path: string, search: string): string {
  return search !== '' && path.includes('?') ? `${path}&${search.slice(1)}` : path + search;
}

function createPool(url: URL, deps: EndpointDeps): Pool {
  const { limits } = deps;
  return new Pool(url.origin, {
    allowH2: false,
    pipelining: 1,
    connections: limits.connectionsPerOriginMax,
    keepAliveTimeout: limits.keepAliveMs,
    headersTimeout: limits.silenceTimeoutMs,
    bodyTimeout: limits.silenceTimeoutMs,
    maxHeaderSize: limits.headerBytesMax,
    maxResponseSize: limits.responseBytesMax,
    connect: connectorTo(url, deps),
  });
}

function connectorTo(
  url: URL,
  { limits, allowedHosts, resolve, ca }: EndpointDeps,
): buildConnector.connector {
  const { connectTimeoutMs } = limits;
  return createConnector({
    url,
    allowedHosts,
    resolve,
    connectTimeoutMs,
    ...(ca === undefined ? {} : { ca }),
  });
}

function connectTo(url: URL, connect: buildConnector.connector): Promise<Socket> {
  const { hostname, host, protocol, port } = url;
  return new Promise((resolve, reject) => {
    connect({ hostname, host, protocol, port, servername: hostname }, (error, socket) => {
      if (error) reject(error);
      else resolve(socket);
    });
  });
}
