import type { Schedule } from '@app/gateway';
import type { GatewayError } from '@app/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EdgeLimits } from '../../http/edge-limits.ts';
import { openCaller } from '../../http/open-caller.ts';
import { gatewayErrorOf } from '../../http/render-error.ts';
import { dataHeaders, secureDataHeaders } from '../../http/security-headers.ts';
import type { Answer, AnswerFormat } from './answer.ts';

export type SenderDeps = {
  schedule: Schedule;
  limits: Pick<EdgeLimits, 'drainTimeoutMs' | 'lingerMs'>;
  onInternalError: (error: unknown, requestId: string) => void;
  /** Whether callers reach us by HTTPS only. */
  isHttps: boolean;
};

/** Whoever sent a batch, on the raw socket. The reply must have been hijacked. */
export type Sender = {
  answer(answer: Answer): void;
  refuse(error: GatewayError): void;
  /** Refuses with what was thrown, whatever it is. */
  fail(thrown: unknown): void;
};

export function openSender(
  deps: SenderDeps,
  { request, reply, format }: { request: FastifyRequest; reply: FastifyReply; format: AnswerFormat },
): Sender {
  const { raw, id: requestId } = request;
  const isSecure = deps.isHttps || request.protocol === 'https';
  const caller = openCaller({
    request: raw,
    response: reply.raw,
    headers: { 'x-request-id': requestId, ...(isSecure ? secureDataHeaders : dataHeaders) },
    schedule: deps.schedule,
    drainTimeoutMs: deps.limits.drainTimeoutMs,
    lingerMs: deps.limits.lingerMs,
  });
  const answer = ({ status, headers, body }: Answer): void => {
    if (reply.raw.destroyed) return;
    caller.head(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) });
    caller.write(body);
    caller.end();
  };
  const refuse = (error: GatewayError): void => answer(format.refused(error, requestId));
  return {
    answer,
    refuse,
    fail: (thrown) => {
      const error = gatewayErrorOf(thrown);
      // What is one of our errors was foreseen by whoever made it.
      if (error !== thrown) deps.onInternalError(thrown, requestId);
      if (reply.raw.headersSent) caller.abort();
      else refuse(error);
    },
  };
}
