import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from './create-access.ts';
import type { ApiRequest, Operation } from './operation.ts';
import { toCallerError } from './to-caller-error.ts';

export type OperationsDeps = {
  operations: readonly Operation[];
  access: Access;
  /** In tests every answer is held against its contract, and one that differs is an internal error. */
  checksOutput?: boolean;
};

const BODY_BYTES_MAX = 64 * 1024;

/** Turns operations into routes of a Fastify scope. Throws when a route names no permission: then nothing starts. */
export function registerOperations({ operations, access, checksOutput = false }: OperationsDeps) {
  return (app: FastifyInstance): void => {
    for (const operation of operations) {
      const { endpoint, permission } = operation;
      if (!permission) throw new Error(`${endpoint.method} ${endpoint.path} names no permission.`);
      app.route({
        method: endpoint.method,
        url: endpoint.path.replace(/\{(\w+)\}/g, ':$1'),
        bodyLimit: BODY_BYTES_MAX,
        handler: async (request, reply) => {
          const answer = await operation.handle(requestOf(request), access).catch((error: unknown) => {
            throw toCallerError(error);
          });
          const body = checksOutput ? endpoint.output.parse(answer.body) : answer.body;
          return send(reply.code(endpoint.status), body, answer.setCookies);
        },
      });
    }
  };
}

function requestOf(request: FastifyRequest): ApiRequest {
  return {
    method: request.method,
    headers: request.headers,
    ip: request.ip,
    isTls: request.protocol === 'https',
    params: request.params,
    query: request.query,
    body: request.body,
  };
}

function send(reply: FastifyReply, body: unknown, setCookies: readonly string[]): FastifyReply {
  // What is private to a person or a project is kept in no cache on the way.
  reply.header('cache-control', 'no-store');
  if (setCookies.length > 0) reply.header('set-cookie', [...setCookies]);
  return reply.send(body);
}
