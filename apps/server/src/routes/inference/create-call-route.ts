import type { IncomingHttpHeaders } from 'node:http';
import type { Asked, Caller, Clock, Journey, Outcome, Schedule } from '@app/gateway';
import { GatewayError } from '@app/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BodyLease, BodyRoom } from '../../http/body-room.ts';
import type { EdgeLimits } from '../../http/edge-limits.ts';
import { findSecret } from '../../http/find-secret.ts';
import { type JsonBody, type JsonLimits, parseJsonBody } from '../../http/parse-json-body.ts';
import { noRoom, readBody } from '../../http/read-body.ts';
import type { Brought, TakeKeys } from '../../inline-keys/create-take-keys.ts';
import { openEdge } from './open-edge.ts';
import { type CallRoute, readAsked } from './read-asked.ts';

export type CallRouteDeps = {
  journey: Journey;
  clock: Clock;
  schedule: Schedule;
  limits: EdgeLimits;
  jsonLimits: JsonLimits;
  onInternalError: (error: unknown, requestId: string) => void;
  /** Whether callers reach us by HTTPS only. */
  isHttps?: boolean;
  /** Reads which provider keys a call brought. */
  takeKeys: TakeKeys;
  /** Notes that a key was used, and from where, without waiting. */
  noteUse?: (keyId: string, ip: string) => void;
};

export type CallHandler = (request: FastifyRequest, reply: FastifyReply) => void;

/** What one object, list or comma of a parsed body takes in memory. */
const VALUE_BYTES = 64;

/**
 * Makes the handler of one inference address: a key first, then the body, then the journey, all on the raw socket,
 * because a framework's own reply would cost more than the relay.
 */
export function createCallRoute(deps: CallRouteDeps & { room: BodyRoom }, route: CallRoute): CallHandler {
  return (request, reply) => {
    const receivedAt = { epochMs: deps.clock.nowMs(), monotonicMs: deps.clock.monotonicMs() };
    reply.hijack();
    const { raw, id: requestId } = request;
    const { headers } = raw;
    const { caller, refuse, guarded } = openEdge(deps, { request, reply, dialect: route.dialect.id });

    guarded(() => {
      const { ip } = request;
      const found = deps.journey.authenticate(findSecret(headers), ip);
      if (!found.ok) {
        refuse(found.error);
        return;
      }
      deps.noteUse?.(found.value.keyId, ip);
      const hasLeft = () => reply.raw.destroyed;
      const begin = (asked: Asked, to: Caller) => {
        const running = deps.journey.start(asked, to);
        caller.onLeave(() => running.cancel());
      };
      const start = (json: Outcome<JsonBody>) => {
        const { keyMode, ...read } = readAsked(route, { headers, json, requestId });
        const asked: Asked = { ...read, requestId, receivedAt, principal: found.value };
        const brought = { headers, keyMode, principal: found.value, hasLeft };
        deps.takeKeys(brought, (keys) => guarded(() => go(withKeys(asked, keys))));
      };
      const go = (whole: Asked) => {
        if (route.through === undefined) {
          begin(whole, caller);
          return;
        }
        const { take } = lease;
        const edge = { caller, take, guarded, answer: refuse, onLeave: caller.onLeave };
        route.through({ ...edge, asked: whole, headers, hasLeft }, begin);
      };
      const lease = deps.room.open(found.value.keyId);
      reply.raw.once('close', lease.close);
      const unreadable = findUnreadable(headers);
      if (unreadable) {
        start(unreadable);
        return;
      }
      readBody(raw, { bytesMax: deps.limits.bodyBytesMax, lease }, (bytes) => {
        guarded(() => start(bytes.ok ? parse(bytes.value, deps.jsonLimits, lease) : bytes));
      });
    });
  };
}

/** A call whose own provider keys are at fault is refused, counted and recorded like any other that is. */
function withKeys(asked: Asked, keys: Outcome<Brought>): Asked {
  return keys.ok ? { ...asked, ...keys.value } : { ...asked, body: asked.body.ok ? keys : asked.body };
}

export function parse(bytes: Buffer, limits: JsonLimits, lease: BodyLease): Outcome<JsonBody> {
  const parsed = parseJsonBody(bytes, limits);
  if (!parsed.ok || lease.take(parsed.value.structure * VALUE_BYTES)) return parsed;
  return noRoom();
}

/** A body that is not plain JSON is refused before it is read. */
export function findUnreadable(headers: IncomingHttpHeaders): Outcome<never> | undefined {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = headers;
  if ((type === 'application/json' || JSON_TYPE.test(type)) && encoding === 'identity') return undefined;
  const message =
    encoding === 'identity'
      ? 'The content type must be application/json.'
      : 'A compressed request body is not accepted.';
  const detail = { retryable: false };
  return { ok: false, error: new GatewayError('unsupported_media_type', message, detail) };
}

const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?$/i;
