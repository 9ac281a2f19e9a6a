import type { IncomingHttpHeaders } from 'node:http';
import type { Authenticate, Outcome, Principal } from '@app/gateway';
import { GatewayError } from '@app/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BodyRoom } from '../../http/body-room.ts';
import { findBasicSecret } from '../../http/find-basic-secret.ts';
import { findSecret } from '../../http/find-secret.ts';
import { readBody } from '../../http/read-body.ts';
import type { IngestRates } from '../../ingest/create-ingest-rates.ts';
import type { KeyTurns } from '../../ingest/create-key-turns.ts';
import type { TakeBatch } from '../../ingest/create-take-batch.ts';
import { ENCODINGS, type Encoding } from '../../ingest/inflate-body.ts';
import type { Wire } from '../../ingest/understand-batch.ts';
import type { AnswerFormat } from './answer.ts';
import { openSender, type SenderDeps } from './open-sender.ts';

export type BatchRouteDeps = SenderDeps & {
  authenticate: Authenticate;
  rates: Pick<IngestRates, 'admit'>;
  turns: KeyTurns;
  room: BodyRoom;
  bodyBytesMax: number;
  takeBatch: TakeBatch;
  noteUse?: ((keyId: string, ip: string) => void) | undefined;
};

/** What an address takes: how a body is read, and how it is answered, by its content type. */
export type Accepted = { [contentType: string]: { wire: Wire; format: AnswerFormat } };

type Handler = (request: FastifyRequest, reply: FastifyReply) => void;

/** Makes the handler of one address to which batches are sent: the key first, then the head, then the body. */
export function createBatchRoute(deps: BatchRouteDeps, accepted: Accepted): Handler {
  const [fallback] = Object.values(accepted);
  if (fallback === undefined) throw new Error('An address takes something.');
  return (request, reply) => {
    reply.hijack();
    const { headers } = request.raw;
    const asked = accepted[contentTypeOf(headers)];
    const { format } = asked ?? fallback;
    const sender = openSender(deps, { request, reply, format });
    const take = async (principal: Principal, bytes: Buffer, encoding: Encoding): Promise<void> => {
      const wire = (asked ?? fallback).wire;
      const captureWish = textOf(headers['x-tokenrouter-capture']);
      const given = { principal, wire, encoding, bytes: owned(bytes), captureWish };
      sender.answer(format.taken(await deps.takeBatch(given)));
    };
    try {
      const found = admit(deps, request, asked === undefined ? Object.keys(accepted) : undefined);
      if (!found.ok) {
        sender.refuse(found.error);
        return;
      }
      const { principal, encoding } = found.value;
      const leave = deps.turns.take(principal);
      if (leave instanceof GatewayError) {
        sender.refuse(leave);
        return;
      }
      reply.raw.once('close', leave);
      const lease = deps.room.open(principal.keyId);
      reply.raw.once('close', lease.close);
      readBody(request.raw, { bytesMax: deps.bodyBytesMax, lease }, (body) => {
        if (body.ok) take(principal, body.value, encoding).catch(sender.fail);
        else sender.refuse(body.error);
      });
    } catch (error) {
      sender.fail(error);
    }
  };
}

/** Everything that can be known before the body is read. `wanted` are the content types when none of them was sent. */
function admit(
  deps: BatchRouteDeps,
  { raw: { headers }, ip }: FastifyRequest,
  wanted: string[] | undefined,
): Outcome<{ principal: Principal; encoding: Encoding }> {
  const found = deps.authenticate(secretOf(headers), { permission: 'traces:write', ip });
  if (!found.ok) return found;
  const principal = found.value;
  deps.noteUse?.(principal.keyId, ip);
  if (wanted !== undefined) return unsupported(`The content type must be ${wanted.join(' or ')}.`);
  const named = textOf(headers['content-encoding'])?.toLowerCase() ?? 'identity';
  const encoding = ENCODINGS.find((each) => each === named);
  if (encoding === undefined) return unsupported(`The content encoding must be ${ENCODINGS.join(', ')}.`);
  const error = deps.rates.admit(principal);
  return error === undefined ? { ok: true, value: { principal, encoding } } : { ok: false, error };
}

/** The key of a sender: as everywhere, or as the password of Basic, which is all that some can send. */
export function secretOf(headers: IncomingHttpHeaders): string | undefined {
  return findBasicSecret(headers) ?? findSecret(headers);
}

function unsupported(message: string): Outcome<never> {
  return { ok: false, error: new GatewayError('unsupported_media_type', message, { retryable: false }) };
}

function contentTypeOf(headers: IncomingHttpHeaders): string {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  return type.trim().toLowerCase();
}

function textOf(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.join();
}

/** The body in memory of its own, so that it can change hands without taking what other requests read along. */
function owned(bytes: Buffer): Uint8Array {
  const { buffer, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes);
}
