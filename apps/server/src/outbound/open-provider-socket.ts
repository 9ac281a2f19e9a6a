import type { IncomingMessage } from 'node:http';
import { GatewayError } from '@app/protocol';
import { authHeaders, type Provider } from '@app/providers';
import { WebSocket } from 'ws';
import type { Endpoints } from './create-endpoints.ts';
import { readFailure } from './read-failure.ts';
import { writeHeaders } from './write-headers.ts';

type SocketRequest = {
  provider: Provider;
  /** A `test` request reaches no provider. */
  mode: 'live' | 'test';
  /** Under the provider's base URL, with its query. */
  path: string;
  headers: { [name: string]: string };
  messageBytesMax: number;
};

/** Opens a WebSocket to a provider. Rejects with a `GatewayError` that names no address and no credential. */
export type OpenProviderSocket = (request: SocketRequest) => Promise<WebSocket>;

const HANDSHAKE_MS = 15_000;

/** The same guard as for every request: a checked address, the provider's own origin, no redirect. */
export function createOpenProviderSocket(endpoints: Pick<Endpoints, 'get'>): OpenProviderSocket {
  return async ({ provider, mode, path, headers, messageBytesMax }) => {
    if (mode === 'test' || provider.id === SANDBOX_ID) {
      throw new GatewayError('sandbox_unsupported', 'The sandbox does not answer this kind of request.');
    }
    try {
      const endpoint = endpoints.get(provider.baseUrl);
      const socket = await endpoint.connect();
      const url = `${endpoint.isSecure ? 'wss' : 'ws'}://${endpoint.host}${endpoint.pathTo(path)}`;
      const flat = writeHeaders(provider.headers, headers, authHeaders(provider.auth));
      const opened = new WebSocket(url, {
        createConnection: () => socket,
        headers: Object.fromEntries(pairs(flat).filter(([name]) => name !== 'accept-encoding')),
        followRedirects: false,
        handshakeTimeout: HANDSHAKE_MS,
        maxPayload: messageBytesMax,
        perMessageDeflate: false,
      });
      return await whenOpen(opened, provider.id);
    } catch (error) {
      throw readFailure(provider.id, error);
    }
  };
}

/** The provider that only test keys reach. */
const SANDBOX_ID = 'sandbox';

/** Paused, so that nothing is missed before somebody listens. */
function whenOpen(socket: WebSocket, provider: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.pause();
      resolve(socket);
    });
    socket.once('unexpected-response', (_request, response: IncomingMessage) => {
      response.resume();
      socket.terminate();
      reject(refusal(provider, response.statusCode ?? 0));
    });
    socket.on('error', reject);
  });
}

/** The status with which a provider refused to open a socket; undefined for every other failure. */
export function refusedStatusOf(error: unknown): number | undefined {
  const cause = error instanceof GatewayError ? error.detail.cause : undefined;
  return typeof cause === 'number' ? cause : undefined;
}

function refusal(provider: string, status: number): GatewayError {
  if (status === 429) {
    return new GatewayError('rate_limit_exceeded', 'The provider is limiting requests.', {
      provider,
      retryAfterS: 1,
      cause: status,
    });
  }
  const message = `The provider ${provider} refused the session (${status}).`;
  return new GatewayError('provider_failed', message, {
    provider,
    retryable: status >= 500,
    cause: status,
  });
}

function pairs(flat: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) found.push([flat[at] ?? '', flat[at + 1] ?? '']);
  return found;
}
