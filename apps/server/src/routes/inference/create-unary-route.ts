import type { IncomingHttpHeaders } from 'node:http';
import {
  type Outcome,
  type Principal,
  readMultipart,
  type UnaryAsked,
  type UnaryInput,
  type UnaryJourney,
  type UnaryOperation,
} from '@app/gateway';
import { dialects, GatewayError } from '@app/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BodyLease, BodyRoom } from '../../http/body-room.ts';
import { findSecret } from '../../http/find-secret.ts';
import { noRoom, readBody } from '../../http/read-body.ts';
import { type CallRouteDeps, findUnreadable, parse } from './create-call-route.ts';
import { openEdge } from './open-edge.ts';
import { BETA } from './read-asked.ts';
import { readUnsupported } from './read-unsupported.ts';

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
      const found = deps.journey.authenticate(findSecret(headers));
      if (!found.ok) {
        refuse(found.error);
        return;
      }
      const principal = found.value;
      deps.noteUse?.(principal.keyId, request.ip);
      const start = (body: Outcome<ReadBody>) => {
        const unsupported = readUnsupported(headers);
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
            input: !unsupported.ok
              ? unsupported
              : body.ok
                ? { ok: true, value: inputOf(body.value, about) }
                : body,
            bodyText: body.ok ? body.value.text : '',
            ...wishesOf(headers),
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

type ReadBody = Pick<UnaryInput, 'json' | 'form'> & { text: string };

const NO_BODY: ReadBody = { json: {}, form: { parts: [] }, text: '' };

function readJson(deps: UnaryRouteDeps, bytes: Buffer, lease: BodyLease): Outcome<ReadBody> {
  const parsed = parse(bytes, deps.jsonLimits, lease);
  if (!parsed.ok) return parsed;
  return { ok: true, value: { ...NO_BODY, json: parsed.value.body, text: parsed.value.text } };
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

function wishesOf({
  traceparent,
  'x-tokenrouter-capture': capture,
}: IncomingHttpHeaders): Pick<UnaryAsked, 'traceparent' | 'capture'> {
  return {
    ...(typeof traceparent === 'string' ? { traceparent } : {}),
    ...(typeof capture === 'string' ? { capture } : {}),
  };
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
