import type { ProviderReply, ProviderRequest, Send, Sending } from '@app/gateway';
import { GatewayError } from '@app/protocol';
import { type Auth, authHeaders, type GoogleAuth, type Secret, type SignedRequest } from '@app/providers';
import { parseAllowedHosts } from './allowed-hosts.ts';
import { type AskOnce, createAskOnce } from './ask-once.ts';
import type { Resolve } from './create-connector.ts';
import { createEndpoints, type Endpoint, type OutboundLimits, outboundDefaults } from './create-endpoints.ts';
import { createGoogleTokens } from './create-google-tokens.ts';
import { openExchange } from './exchange.ts';
import { createOpenProviderSocket, type OpenProviderSocket } from './open-provider-socket.ts';
import { createPostForm } from './post-form.ts';
import { readFailure } from './read-failure.ts';
import { sendLater } from './send-later.ts';
import { writeHeaders } from './write-headers.ts';

export type OutboundDeps = {
  /** Hosts that may have private addresses and may be spoken to without TLS: names or addresses, with or without a port. */
  allowPrivateHosts: readonly string[];
  resolve: Resolve;
  /** Answers every request of mode `test`. */
  sandboxSend: Send;
  /** Epoch milliseconds: signatures and tokens are good for a time only. */
  nowMs: () => number;
  limits?: Partial<OutboundLimits>;
  /** Certificate authorities in PEM instead of the built-in ones. */
  ca?: string;
};

/** `close` lets requests under way end; `destroy` does not. */
export type Outbound = {
  send: Send;
  openSocket: OpenProviderSocket;
  /** For what is no call: where secrets are kept. */
  askOnce: AskOnce;
  /** A token in the name of a service account. Rejects with a `GatewayError` that holds no secret. */
  getGoogleToken(auth: GoogleAuth): Promise<Secret>;
  close(): Promise<void>;
  destroy(): Promise<void>;
};

/**
 * The only HTTP client. A request of mode `test` reaches the sandbox and nothing else; every other one goes to its
 * provider's origin, with that provider's credential, to an address that was checked. Every failure is a
 * `GatewayError`, given to `onError` and never thrown.
 */
export function createOutbound(deps: OutboundDeps): Outbound {
  const { nowMs } = deps;
  const allowedHosts = parseAllowedHosts(deps.allowPrivateHosts);
  const limits = { ...outboundDefaults, ...deps.limits };
  const endpoints = createEndpoints({ ...deps, limits, allowedHosts });
  const tokens = createGoogleTokens({ postForm: createPostForm(endpoints), nowMs, allowedHosts });

  const dispatch = (request: ProviderRequest, auth: Auth, reply: ProviderReply): Sending => {
    const { provider } = request;
    const exchange = openExchange(provider.id, auth, reply);
    try {
      if (provider.id === SANDBOX_ID) throw new GatewayError('provider_not_allowed', SANDBOX_REFUSED);
      const endpoint = endpoints.get(provider.baseUrl);
      const path = endpoint.pathTo(request.path);
      const credential =
        auth.kind === 'aws-sigv4'
          ? authHeaders(auth, signedRequest(request, { endpoint, path, atMs: nowMs() }))
          : authHeaders(auth);
      endpoint.pool.dispatch(
        {
          method: request.method ?? 'POST',
          path,
          headers: writeHeaders(provider.headers, request.headers, credential),
          body: request.bytes ?? (request.body === '' ? null : request.body),
        },
        exchange.handler,
      );
    } catch (error) {
      // The caller of `send` gets its handle before it hears of a failure.
      queueMicrotask(() => exchange.fail(error));
    }
    return exchange.sending;
  };

  const sendAsGoogle = (request: ProviderRequest, auth: GoogleAuth, reply: ProviderReply): Sending => {
    const start = (secret: Secret): Sending =>
      dispatch(
        request,
        { kind: 'bearer', secret },
        watched(reply, () => tokens.forget(auth, secret)),
      );
    const token = tokens.find(auth);
    if (token !== undefined) return start(token);
    return sendLater(tokens.get(auth), start, (error) =>
      reply.onError(readFailure(request.provider.id, error)),
    );
  };

  return {
    send: (request, reply) => {
      if (request.mode === 'test') return deps.sandboxSend(request, reply);
      const { auth } = request.provider;
      return auth.kind === 'google-oauth'
        ? sendAsGoogle(request, auth, reply)
        : dispatch(request, auth, reply);
    },
    openSocket: createOpenProviderSocket(endpoints),
    askOnce: createAskOnce(endpoints),
    getGoogleToken: async (auth) => tokens.find(auth) ?? tokens.get(auth),
    close: () => endpoints.stop((pool) => pool.close()),
    destroy: () => endpoints.stop((pool) => pool.destroy()),
  };
}

/** The provider that only test keys reach. */
const SANDBOX_ID = 'sandbox';
const SANDBOX_REFUSED = 'The sandbox answers test keys only.';

type Place = { endpoint: Endpoint; path: string; atMs: number };

function signedRequest(request: ProviderRequest, { endpoint, path, atMs }: Place): SignedRequest {
  const { method = 'POST', headers, body, bytes } = request;
  const contentType = headers['content-type'];
  return { method, host: endpoint.host, path, contentType, body: bytes ?? body, atMs };
}

/** A token may be withdrawn before its time is over: after a 401 the next call gets another. */
function watched(reply: ProviderReply, onRefused: () => void): ProviderReply {
  return {
    onHead: (status, headers) => {
      if (status === 401) onRefused();
      reply.onHead(status, headers);
    },
    onChunk: (bytes) => reply.onChunk(bytes),
    onEnd: () => reply.onEnd(),
    onError: (error) => reply.onError(error),
  };
}
