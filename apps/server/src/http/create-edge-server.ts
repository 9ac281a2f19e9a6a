import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { SecureVersion } from 'node:tls';
import type { EdgeLimits } from './edge-limits.ts';

/** A certificate chain and its private key in PEM. */
type Certificate = { cert: string; key: string };

export type EdgeTls = Certificate & { minVersion: SecureVersion };

export type EdgeServerOptions = {
  limits: EdgeLimits;
  /** Absent = plain HTTP. */
  tls?: EdgeTls | undefined;
  isUpgrade: (request: IncomingMessage) => boolean;
};

/** Node's HTTP/1.1 server, with or without TLS, under the limits of the edge. */
export function createEdgeServer(handle: RequestListener, options: EdgeServerOptions): Server {
  const { limits, tls, isUpgrade } = options;
  const rules = {
    maxHeaderSize: limits.headerBytesMax,
    // Node refuses a head that may take longer than its whole request.
    headersTimeout: Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs),
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: limits.checkEveryMs,
    insecureHTTPParser: false,
    noDelay: true,
    shouldUpgradeCallback: isUpgrade,
  };
  const server =
    tls === undefined
      ? createServer(rules, handle)
      : createTlsServer(
          // A handshake may take no longer than a request's head.
          { ...rules, ...tls, handshakeTimeout: limits.headersTimeoutMs, ALPNProtocols: ['http/1.1'] },
          handle,
        );
  server.setTimeout(limits.silenceTimeoutMs);
  if (limits.connectionsMax !== undefined) server.maxConnections = limits.connectionsMax;
  return server;
}
