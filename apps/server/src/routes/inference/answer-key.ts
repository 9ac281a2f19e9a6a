import type { Authenticate, Principal } from '@app/gateway';
import { GatewayError, type JsonObject } from '@app/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BodyRoom } from '../../http/body-room.ts';
import { findSecret } from '../../http/find-secret.ts';
import { type JsonLimits, parseJsonBody } from '../../http/parse-json-body.ts';
import { readBody } from '../../http/read-body.ts';
import { gatewayErrorOf, renderError } from '../../http/render-error.ts';
import { toCallerError } from '../api/to-caller-error.ts';

export type AnswerDeps = {
  authenticate: Authenticate;
  room: BodyRoom;
  limits: { bodyBytesMax: number };
  jsonLimits: JsonLimits;
  onInternalError: (error: unknown, requestId: string) => void;
  noteUse?: (keyId: string, ip: string) => void;
};

/** One request of whoever presented a key. `readJson` gives the body, `{}` when there is none. */
export type KeyRequest = {
  principal: Principal;
  request: FastifyRequest;
  reply: FastifyReply;
  readJson: () => Promise<JsonObject>;
};

/** What is answered as JSON; undefined when the answer is on its way already. */
export type KeyAnswer = (asked: KeyRequest) => Promise<JsonObject | undefined>;

type Permission = Parameters<Authenticate>[1]['permission'];

/** Makes handlers that ask for a key with a permission, answer with JSON, and render every error in OpenAI's envelope. */
export function createAnswerKey(deps: AnswerDeps) {
  return (permission: Permission, answer: KeyAnswer) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      try {
        const { ip } = request;
        const found = deps.authenticate(findSecret(request.headers), { permission, ip });
        if (!found.ok) throw found.error;
        deps.noteUse?.(found.value.keyId, ip);
        const readJson = () => readJsonBody(deps, found.value.keyId, { request, reply });
        const body = await answer({ principal: found.value, request, reply, readJson });
        return body === undefined ? reply : reply.header('cache-control', 'no-store').send(body);
      } catch (thrown) {
        const error = gatewayErrorOf(toCallerError(thrown));
        if (error.code === 'internal_error') deps.onInternalError(thrown, request.id);
        const { status, headers, body } = renderError(error, request.id, 'openai-responses');
        return reply.code(status).headers(headers).send(body);
      }
    };
}

type Exchange = { request: FastifyRequest; reply: FastifyReply };

function readJsonBody(deps: AnswerDeps, keyId: string, { request, reply }: Exchange): Promise<JsonObject> {
  const { promise, resolve, reject } = Promise.withResolvers<JsonObject>();
  const lease = deps.room.open(keyId);
  reply.raw.once('close', () => {
    lease.close();
    reject(new GatewayError('client_closed_request', 'The caller closed the connection.'));
  });
  readBody(request.raw, { bytesMax: deps.limits.bodyBytesMax, lease }, (bytes) => {
    if (!bytes.ok) return reject(bytes.error);
    if (bytes.value.length === 0) return resolve({});
    const parsed = parseJsonBody(bytes.value, deps.jsonLimits);
    if (parsed.ok) resolve(parsed.value.body);
    else reject(parsed.error);
  });
  return promise;
}
