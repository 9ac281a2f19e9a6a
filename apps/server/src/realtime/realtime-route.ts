import {
  type Admission,
  type Authenticate,
  type Clock,
  type Counting,
  createAdmit,
  createOwnObjects,
  createReserve,
  factsOf,
  isAllowed,
  type LimitStore,
  notAllowed,
  type OwnObjects,
  openRealtimeMeter,
  type Principal,
  type RecordCall,
  type Schedule,
  type SessionSpending,
  type Target,
  type UnarySnapshot,
} from '@app/gateway';
import { GatewayError } from '@app/protocol';
import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { findSecret } from '../http/find-secret.ts';
import { jsonDefaults, parseJsonBody } from '../http/parse-json-body.ts';
import { PROVIDER_KEYS_HEADER, providerKeysFault } from '../inline-keys/provider-keys-fault.ts';
import type { OpenProviderSocket } from '../outbound/open-provider-socket.ts';
import { readTags } from '../routes/inference/read-tags.ts';
import { openSession, type SessionLimits, sessionDefaults } from './open-session.ts';
import { reachProvider } from './reach-provider.ts';
import { findOfferedKey, isOwnOrigin, REALTIME_PATH, readModel, takeSubprotocol } from './read-upgrade.ts';

export type RealtimeDeps = {
  authenticate: Authenticate;
  limitStore: LimitStore;
  snapshot: Pick<UnarySnapshot, 'findOperationTargets' | 'findLimits'>;
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
  ip: string;
  tags: readonly string[];
  target: Target;
  provider: WebSocket;
  spending: SessionSpending;
  modelAsked: string;
  /** The session takes over both connections. `end` ends it when limits let no further response through. */
  begin(end: (error: GatewayError) => void): void;
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
  const { headers, ip } = request;
  const secret = findSecret(headers) ?? findOfferedKey(headers);
  const found = deps.authenticate(secret, { permission: 'inference:call', ip });
  if (!found.ok) throw found.error;
  if (!isOwnOrigin(headers)) throw foreignPage();
  if (headers[PROVIDER_KEYS_HEADER] !== undefined) throw noProviderKeys();
  const principal = found.value;
  const modelAsked = readModel(request.query);
  const tags = readTags(headers);
  if (!tags.ok) throw tags.error;
  const counting = { principal, facts: factsOf(principal, { tags: tags.value }) };
  const release = await admitted(deps, counting, request);
  try {
    deps.noteUse?.(principal.keyId, ip);
    const targets = findTargets(deps, principal, modelAsked);
    // Until the session runs there is nobody to tell.
    let tellSpent: (error: GatewayError) => void = () => undefined;
    const reached = await reachProvider({
      openSocket: deps.openSocket,
      reserve: createReserve(deps),
      counting,
      targets,
      beta: headers['openai-beta'],
      messageBytesMax,
      onSpent: (error) => tellSpent(error),
    });
    // Until the session has begun, nobody else would end the provider's side.
    const dispose = () => {
      reached.provider.terminate();
      reached.spending.close(false);
    };
    request.raw.socket.once('close', dispose);
    if (request.raw.socket.destroyed) dispose();
    const begin = (end: (error: GatewayError) => void) => {
      tellSpent = end;
      request.raw.socket.off('close', dispose);
    };
    return { ...reached, principal, tags: tags.value, secret, ip, modelAsked, begin, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** Lets a session in. Whatever happens to its connection, its place among the calls under way is given back. */
async function admitted(
  deps: RealtimeDeps,
  counting: Counting,
  { raw: { socket } }: FastifyRequest,
): Promise<() => void> {
  const admission = await new Promise<Admission>((done) => createAdmit(deps)(counting, done));
  if (!admission.ok) throw admission.error;
  socket.once('close', admission.release);
  if (socket.destroyed) admission.withdraw();
  return admission.release;
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
    tenant: principal,
  });
  const allowed = targets.filter((target) => isAllowed(principal, model, target));
  if (allowed.length > 0) return allowed.slice(0, TARGETS_MAX);
  if (targets.length > 0) throw notAllowed(principal, model, targets);
  const message = `The model \`${model.slice(0, 100)}\` does not exist or is not served here for realtime sessions.`;
  throw new GatewayError('model_not_found', message, { param: 'model', retryable: false });
}

function run(
  deps: RealtimeDeps,
  caller: WebSocket,
  { request, ...ready }: Ready & { request: FastifyRequest },
): void {
  const { spending, ip } = ready;
  const { traceparent, 'x-tokenrouter-capture': capture } = request.headers;
  const meter = openRealtimeMeter({
    ...deps,
    ...ready,
    route: REALTIME_PATH,
    onResponse: spending.onResponse,
    ...(typeof traceparent === 'string' ? { traceparent } : {}),
    ...(typeof capture === 'string' ? { capture } : {}),
  });
  const session = openSession({
    caller,
    provider: ready.provider,
    findFault: createFindFault(deps.isShared === true),
    onProviderText: meter.see,
    isAdmitted: () => deps.authenticate(ready.secret, { permission: 'inference:call', ip }).ok,
    onEnd: ({ error }) => {
      spending.close(meter.isMidway());
      meter.close({ status: error === undefined ? 101 : error.status, error });
      ready.release();
    },
    clock: deps.clock,
    schedule: deps.schedule,
    limits: { ...sessionDefaults, ...deps.limits },
  });
  ready.begin(session.end);
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
