import { Readable } from 'node:stream';
import { type Endpoint, StreamEvent } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Audit } from '../../audit/audit.ts';
import { answerFile, type FileAnswer } from '../../http/answer-file.ts';
import { eventOf } from './change-audited.ts';
import type { Access } from './create-access.ts';
import type { ApiRequest, Operation } from './operation.ts';
import { toCallerError } from './to-caller-error.ts';

export type OperationsDeps = {
  operations: readonly Operation[];
  access: Access;
  audit: Audit;
  /** In tests every answer is held against its contract, and one that differs is an internal error. */
  checksOutput?: boolean;
};

const BODY_BYTES_MAX = 64 * 1024;

/** Turns operations into routes of a Fastify scope. Throws when one names no permission, or changes something under no name: then nothing starts. */
export function registerOperations({ operations, access, audit, checksOutput = false }: OperationsDeps) {
  return (app: FastifyInstance): void => {
    for (const operation of operations) {
      const { endpoint, permission } = operation;
      if (!permission) throw new Error(`${endpoint.method} ${endpoint.path} names no permission.`);
      if (endpoint.method !== 'GET' && !operation.changesNothing && operation.action === undefined) {
        throw new Error(`${endpoint.method} ${endpoint.path} does not say as what it is written down.`);
      }
      app.route({
        method: endpoint.method,
        url: endpoint.path.replace(/\{(\w+)\}/g, ':$1'),
        bodyLimit: BODY_BYTES_MAX,
        handler: async (request, reply) => {
          const asked = requestOf(request);
          const answer = await operation.handle(asked, { access, audit }).catch((error: unknown) => {
            const told = toCallerError(error);
            noteRefusal(audit, asked, { error: told, route: `${endpoint.method} ${endpoint.path}` });
            throw told;
          });
          return sendAnswer(reply, { ...answer, endpoint, checksOutput });
        },
      });
    }
  };
}

type Told = { endpoint: Endpoint; body: unknown; setCookies: readonly string[]; checksOutput: boolean };

function sendAnswer(reply: FastifyReply, { endpoint, body, setCookies, checksOutput }: Told): FastifyReply {
  reply.code(endpoint.status);
  if (endpoint.file && isFile(body)) return send(reply, answerFile(reply, body), setCookies);
  const form = endpoint.lines ? LINES : endpoint.events ? EVENTS : undefined;
  if (form !== undefined) return send(reply, toStream(reply, body, form), setCookies);
  return send(reply, checksOutput ? endpoint.output.parse(body) : body, setCookies);
}

/** What is refused is written down; what was only asked wrongly is not. */
export function noteRefusal(
  audit: Audit,
  request: ApiRequest,
  { error, route }: { error: unknown; route: string },
): void {
  if (!(error instanceof GatewayError) || ![401, 403].includes(error.status)) return;
  audit.noteRefusal({ ...eventOf(request), code: error.code, route });
}

type StreamForm = { type: string; write: (value: unknown) => string };

const LINES: StreamForm = {
  type: 'application/x-ndjson; charset=utf-8',
  write: (value) => `${JSON.stringify(value)}\n`,
};

/** JSON has no line end of its own, so that an event's data is one line. */
const EVENTS: StreamForm = {
  type: 'text/event-stream; charset=utf-8',
  write: (value) => {
    const { event, data } = StreamEvent.parse(value);
    return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
  },
};

/** Each value in its form, no faster than the reader takes them. */
function toStream(reply: FastifyReply, values: unknown, { type, write }: StreamForm): Readable {
  if (!isIterable(values)) throw new TypeError('An operation that answers with a stream yields its values.');
  void reply.type(type);
  const steps = values[Symbol.asyncIterator]();
  // No generator around them: one that never began would not tell them that the reader is gone.
  const texts: AsyncIterator<string> = {
    next: async () => {
      const { done, value } = await steps.next();
      return done === true ? { done, value: undefined } : { done: false, value: write(value) };
    },
    return: async () => {
      await steps.return?.();
      return { done: true, value: undefined };
    },
  };
  return Readable.from({ [Symbol.asyncIterator]: () => texts }, { highWaterMark: 1 });
}

function isFile(value: unknown): value is FileAnswer {
  return typeof value === 'object' && value !== null && 'bytes' in value && isIterable(value.bytes);
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** A request as operations take it. */
export function requestOf(request: FastifyRequest): ApiRequest {
  return {
    method: request.method,
    id: request.id,
    headers: request.headers,
    ip: request.ip,
    isTls: request.protocol === 'https',
    params: request.params,
    query: request.query,
    body: request.body,
    seen: {},
    left: request.signal,
  };
}

function send(reply: FastifyReply, body: unknown, setCookies: readonly string[]): FastifyReply {
  // What is private to a person or a project is kept in no cache on the way.
  reply.header('cache-control', 'no-store');
  if (setCookies.length > 0) reply.header('set-cookie', [...setCookies]);
  return reply.send(body);
}
