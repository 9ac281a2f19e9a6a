import {
  type Admit,
  type Authenticate,
  type Clock,
  createOwnObjects,
  type OwnObjects,
  openRealtimeMeter,
  type Principal,
  type RecordCall,
  type Schedule,
  type Target,
  type UnarySnapshot,
} from '@app/gateway';
import { GatewayError } from '@app/protocol';
import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { findSecret } from '../http/find-secret.ts';
import { PROVIDER_KEYS_HEADER, providerKeysFault } from '../inline-keys/provider-keys-fault.ts';
import { jsonDefaults, parseJsonBody } from '../http/parse-json-body.ts';
import type { OpenProviderSocket } from '../outbound/open-provider-socket.ts';
import { openSession, type SessionLimits, sessionDefaults } from './open-session.ts';
import { findOfferedKey, isOwnOrigin, REALTIME_PATH, readModel, takeSubprotocol } from './read-upgrade.ts';

export type RealtimeDeps = {
  authenticate: Authenticate;
  admit: Admit;
  snapshot: Pick<UnarySnapshot, 'findOperationTargets'>;
  openSocket: OpenProviderSocket;
  record: RecordCall;
  clock: Clock;
  schedule: Schedule;
  newRequestId(): string;
  newTraceId(): string;
  newSpanId(): string;
  /** Notes that a key was used, and from where, without waiting. */
  noteUse?: (keyId: string, ip: string) => void;
  limits?: Partial<SessionLimits>;
  /** Every project may name what the accounts keep. */
  isShared?: boolean;
  messageBytesMax?: number;
};

const MESSAGE_BYTES_MAX = 16 * 1024 * 1024;
const TARGETS_MAX = 3;

/** What was made ready before the caller's connection became a WebSocket. */
type Ready = {
  principal: Principal;
  secret: string | undefined;
  target: Target;
  provider: WebSocket;
  modelAsked: string;
  /** The session takes over both connections. */
  begin(): void;
  /** Gives the place among the key's calls back. */
  release(): void;
};

/**
 * `GET /v1/realtime?model=` over WebSocket, as OpenAI documents it: a session is admitted and its provider reached before
 * the caller's connection is upgraded, so that every refusal is an ordinary reply.
 */
export function realtimeRoutes(deps: RealtimeDeps): (app: FastifyInstance) => Promise<void> {
  const messageBytesMax = deps.messageBytesMax ?? MESSAGE_BYTES_MAX;
  const ready = new WeakMap<FastifyRequest, Ready>();
  return async (app) => {
    await app.register(websocket, {
      options: { maxPayload: messageBytesMax, perMessageDeflate: false, handleProtocols: takeSubprotocol },
    });
    app.get(
      REALTIME_PATH,
      {
        websocket: true,
        preHandler: async (request) => {
          ready.set(request, await prepare(deps, request, messageBytesMax));
        },
      },
      (socket, request) => {
        const made = ready.get(request);
        if (made === undefined) socket.terminate();
        else run(deps, socket, { ...made, request });
      },
    );
  };
}

async function prepare(deps: RealtimeDeps, request: FastifyRequest, messageBytesMax: number): Promise<Ready> {
  if (!request.ws) throw notWebSocket();
  const secret = findSecret(request.headers) ?? findOfferedKey(request.headers);
  const found = deps.authenticate(secret, 'inference:call');
  if (!found.ok) throw found.error;
  if (!isOwnOrigin(request.headers)) throw foreignPage();
  if (request.headers[PROVIDER_KEYS_HEADER] !== undefined) throw noProviderKeys();
  const principal = found.value;
  const modelAsked = readModel(request.query);
  const admission = deps.admit(principal);
  if (!admission.ok) throw admission.error;
  // Whatever happens to the connection, the place among the key's calls is given back.
  request.raw.socket.once('close', admission.release);
  try {
    deps.noteUse?.(principal.keyId, request.ip);
    const targets = findTargets(deps, principal, modelAsked);
    const reached = await reach(deps, { principal, targets, request, messageBytesMax });
    // Until the session has begun, nobody else would end the provider's side.
    const dispose = () => reached.provider.terminate();
    request.raw.socket.once('close', dispose);
    const begin = () => request.raw.socket.off('close', dispose);
    return { ...reached, principal, secret, modelAsked, begin, release: admission.release };
  } catch (error) {
    admission.release();
    throw error;
  }
}

function findTargets(deps: RealtimeDeps, principal: Principal, model: string): readonly Target[] {
  if (principal.mode === 'test') {
    throw new GatewayError('sandbox_unsupported', 'The sandbox does not answer this kind of request.');
  }
  const { targets } = deps.snapshot.findOperationTargets({
    operation: 'realtime',
    model,
    providerId: undefined,
    mode: principal.mode,
  });
  if (targets.length > 0) return targets.slice(0, TARGETS_MAX);
  const message = `The model \`${model.slice(0, 100)}\` does not exist or is not served here for realtime sessions.`;
  throw new GatewayError('model_not_found', message, { param: 'model', retryable: false });
}

type Reaching = {
  principal: Principal;
  targets: readonly Target[];
  request: FastifyRequest;
  messageBytesMax: number;
};

/** The first target that opens a session. */
async function reach(
  deps: RealtimeDeps,
  reaching: Reaching,
): Promise<{ target: Target; provider: WebSocket }> {
  const { principal, targets, request, messageBytesMax } = reaching;
  const beta = request.headers['openai-beta'];
  const headers: { [name: string]: string } =
    typeof beta === 'string' && /^[\w=.,; -]{1,200}$/.test(beta) ? { 'openai-beta': beta } : {};
  let failure: unknown;
  for (const target of targets) {
    try {
      const path = `/realtime?model=${encodeURIComponent(target.model)}`;
      const asked = { provider: target.provider, mode: principal.mode, path, headers, messageBytesMax };
      return { target, provider: await deps.openSocket(asked) };
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function run(
  deps: RealtimeDeps,
  caller: WebSocket,
  { request, ...ready }: Ready & { request: FastifyRequest },
): void {
  const { traceparent, 'x-tokenrouter-capture': capture } = request.headers;
  const meter = openRealtimeMeter({
    ...deps,
    ...ready,
    route: REALTIME_PATH,
    ...(typeof traceparent === 'string' ? { traceparent } : {}),
    ...(typeof capture === 'string' ? { capture } : {}),
  });
  ready.begin();
  openSession({
    caller,
    provider: ready.provider,
    findFault: createFindFault(deps.isShared === true),
    onProviderText: meter.see,
    isAdmitted: () => deps.authenticate(ready.secret, 'inference:call').ok,
    onEnd: ({ error }) => {
      meter.close({ status: error === undefined ? 101 : error.status, error });
      ready.release();
    },
    clock: deps.clock,
    schedule: deps.schedule,
    limits: { ...sessionDefaults, ...deps.limits },
  });
}

/** All projects share one account, so a session may name nothing in it: whose a file is cannot be asked in the middle of one. */
function createFindFault(isShared: boolean): (data: Buffer) => GatewayError | undefined {
  const own: OwnObjects = createOwnObjects({ registry: { findFiles: async () => [] }, isShared });
  return (data) => {
    const parsed = parseJsonBody(data, jsonDefaults);
    if (!parsed.ok) return parsed.error;
    const named = own.find(parsed.value.body);
    if (named === undefined) return undefined;
    const param = named.shared ?? 'file_id';
    const message = `\`${param}\` names what a provider keeps in an account that several projects share; a session cannot name it.`;
    return new GatewayError('unsupported_parameter', message, { param, retryable: false });
  };
}

function notWebSocket(): GatewayError {
  const message = 'This address speaks WebSocket: connect with a ws:// or wss:// URL.';
  return new GatewayError('invalid_parameter', message, { param: 'upgrade', retryable: false });
}

function noProviderKeys(): GatewayError {
  const fault = 'is not accepted for realtime sessions: they use stored keys. Leave the header out';
  return providerKeysFault(fault, 'unsupported_parameter');
}

function foreignPage(): GatewayError {
  const message = 'Pages of other origins may not open sessions here.';
  return new GatewayError('insufficient_permissions', message, { retryable: false });
}
