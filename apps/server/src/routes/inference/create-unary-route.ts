import type { IncomingHttpHeaders } from 'node:http';
import {
  type KeyModeAsked,
  type Outcome,
  type Principal,
  readMultipart,
  type UnaryAsked,
  type UnaryInput,
  type UnaryJourney,
  type UnaryOperation,
} from '@app/gateway';
import { dialects, GatewayError, type JsonObject } from '@app/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BodyLease, BodyRoom } from '../../http/body-room.ts';
import { findSecret } from '../../http/find-secret.ts';
import { noRoom, readBody } from '../../http/read-body.ts';
import type { Brought } from '../../inline-keys/create-take-keys.ts';
import { type CallRouteDeps, findUnreadable, parse } from './create-call-route.ts';
import { openEdge } from './open-edge.ts';
import { BETA } from './read-asked.ts';
import { readTags } from './read-tags.ts';
import { readUnsupported } from './read-unsupported.ts';
import { takeKeyMode } from './routing-fields.ts';

export type UnaryRouteDeps = CallRouteDeps & {
  unary: { journey: UnaryJourney; operations: readonly UnaryOperation[] };
};

/** Memory for bodies, and for forms. */
export type BodyRooms = { room: BodyRoom; formRoom: BodyRoom };

type Params = { readonly [name: string]: string };
export type UnaryHandler = (request: FastifyRequest, reply: FastifyReply, params?: Params) => void;

/** Makes the handler of one address that is no conversation: a key first, then the body, then the journey. */
export function createUnaryRoute(deps: UnaryRouteDeps & BodyRooms, operation: UnaryOperation): UnaryHandler {
  return (request, reply, params = paramsOf(request.params)) => {
    const receivedAt = { epochMs: deps.clock.nowMs(), monotonicMs: deps.clock.monotonicMs() };
    reply.hijack();
    const { raw, id: requestId } = request;
    const { headers } = raw;
    const { caller, refuse, guarded } = openEdge(deps, { request, reply, dialect: operation.dialect });
    guarded(() => {
      const { ip } = request;
      const found = deps.journey.authenticate(findSecret(headers), ip);
      if (!found.ok) {
        refuse(found.error);
        return;
      }
      const principal = found.value;
      deps.noteUse?.(principal.keyId, ip);
      const hasLeft = () => reply.raw.destroyed;
      const start = (body: Outcome<ReadBody>) => {
        const keyMode = body.ok ? body.value.keyMode : undefined;
        deps.takeKeys({ headers, principal, keyMode, hasLeft }, (keys) => guarded(() => go(body, keys)));
      };
      const go = (body: Outcome<ReadBody>, keys: Outcome<Brought>) => {
        const { text, json } = body.ok ? body.value : NO_BODY;
        const unsupported = readUnsupported(headers);
        const tags = readTags(headers);
        const about = { headers, params, principal, query: queryOf(request.url) };
        const running = deps.unary.journey.start(
          {
            dialect: dialects[operation.dialect],
            route: operation.route,
            operation,
            principal,
            requestId,
            receivedAt,
            unsupported: unsupported.ok ? unsupported.value : 'warn',
            input: readable(body, [unsupported, tags, keys], about),
            bodyText: text,
            ...(tags.ok && tags.value.length > 0 ? { tags: tags.value } : {}),
            ...wishesOf(headers, json),
            ...(keys.ok ? keys.value : {}),
          },
          caller,
        );
        caller.onLeave(() => running.cancel());
      };
      if (operation.body === 'none') {
        start({ ok: true, value: NO_BODY });
        return;
      }
      const isForm = operation.body === 'multipart';
      const unreadable = isForm ? findNoForm(headers) : findUnreadable(headers);
      if (unreadable) {
        start(unreadable);
        return;
      }
      const lease = (isForm ? deps.formRoom : deps.room).open(principal.keyId);
      reply.raw.once('close', lease.close);
      const bytesMax = isForm ? deps.limits.uploadBytesMax : deps.limits.bodyBytesMax;
      readBody(raw, { bytesMax, lease }, (bytes) => {
        const { 'content-type': type = '' } = headers;
        const read = (all: Buffer) => (isForm ? readForm(all, type, lease) : readJson(deps, all, lease));
        guarded(() => start(bytes.ok ? read(bytes.value) : bytes));
      });
    });
  };
}

type ReadBody = Pick<UnaryInput, 'json' | 'form'> & { text: string; keyMode?: KeyModeAsked };

const NO_BODY: ReadBody = { json: {}, form: { parts: [] }, text: '' };

function readJson(deps: UnaryRouteDeps, bytes: Buffer, lease: BodyLease): Outcome<ReadBody> {
  const parsed = parse(bytes, deps.jsonLimits, lease);
  if (!parsed.ok) return parsed;
  const { body: json, text } = parsed.value;
  try {
    const keyMode = takeKeyMode(json);
    return { ok: true, value: { ...NO_BODY, json, text, ...(keyMode && { keyMode }) } };
  } catch (error) {
    if (error instanceof GatewayError) return { ok: false, error };
    throw error;
  }
}

/**
 * A form is read whole and written anew, which takes its size twice: so its model can be found wherever it stands, no
 * head is passed on that a caller wrote, and another provider can be asked when the first fails.
 */
function readForm(bytes: Buffer, contentType: string, lease: BodyLease): Outcome<ReadBody> {
  if (!lease.take(bytes.length)) return noRoom();
  try {
    return { ok: true, value: { ...NO_BODY, form: readMultipart(bytes, contentType) } };
  } catch (error) {
    if (error instanceof GatewayError) return { ok: false, error };
    throw error;
  }
}

function findNoForm({
  'content-type': type = '',
  'content-encoding': encoding = 'identity',
}: IncomingHttpHeaders): Outcome<never> | undefined {
  if (/^multipart\/form-data\s*;/i.test(type) && encoding === 'identity') return undefined;
  const message =
    encoding === 'identity'
      ? 'The content type must be multipart/form-data.'
      : 'A compressed request body is not accepted.';
  return { ok: false, error: new GatewayError('unsupported_media_type', message, { retryable: false }) };
}

type About = { headers: IncomingHttpHeaders; params: Params; query: Params; principal: Principal };

/** The input, unless the body or something that the headers say is at fault. */
function readable(
  body: Outcome<ReadBody>,
  said: readonly Outcome<unknown>[],
  about: About,
): UnaryAsked['input'] {
  for (const each of said) if (!each.ok) return each;
  return body.ok ? { ok: true, value: inputOf(body.value, about) } : body;
}

function inputOf({ json, form }: ReadBody, { headers, params, query, principal }: About): UnaryInput {
  const { 'x-tokenrouter-provider': named, 'anthropic-beta': beta } = headers;
  const providerId = typeof named === 'string' ? named : query.provider;
  return {
    json,
    form,
    params,
    query,
    providerId: providerId === '' ? undefined : providerId,
    dialectHeaders: typeof beta === 'string' && BETA.test(beta) ? { 'anthropic-beta': beta } : {},
    principal,
  };
}

function wishesOf(
  { traceparent, 'x-tokenrouter-capture': capture, 'x-tokenrouter-session': named }: IncomingHttpHeaders,
  json: JsonObject,
): Pick<UnaryAsked, 'traceparent' | 'capture' | 'sessionId'> {
  const session = typeof named === 'string' && named !== '' ? named : sessionIn(json);
  return {
    ...(typeof traceparent === 'string' ? { traceparent } : {}),
    ...(typeof capture === 'string' ? { capture } : {}),
    ...(session === undefined ? {} : { sessionId: session }),
  };
}

/** The `session_id` of the body's metadata. */
function sessionIn({ metadata }: JsonObject): string | undefined {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return undefined;
  const { session_id: session } = metadata;
  return typeof session === 'string' && session !== '' ? session : undefined;
}

function paramsOf(params: unknown): Params {
  const entries = typeof params === 'object' && params !== null ? Object.entries(params) : [];
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** The last one counts where a name came twice. */
function queryOf(url: string): Params {
  const mark = url.indexOf('?');
  return mark === -1 ? {} : Object.fromEntries(new URLSearchParams(url.slice(mark + 1)));
}
