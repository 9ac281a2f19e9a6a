import type { Caller, Schedule } from '@app/gateway';
import type { CallerDialectId, GatewayError } from '@app/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EdgeLimits } from '../../http/edge-limits.ts';
import { openCaller, type SocketCaller } from '../../http/open-caller.ts';
import { gatewayErrorOf, renderError } from '../../http/render-error.ts';
import { dataHeaders, secureDataHeaders } from '../../http/security-headers.ts';

export type EdgeDeps = {
  schedule: Schedule;
  limits: EdgeLimits;
  onInternalError: (error: unknown, requestId: string) => void;
  /** Whether callers reach us by HTTPS only. */
  isHttps?: boolean;
};

export type Edge = {
  caller: SocketCaller;
  /** Answers with an error, whole. */
  refuse(error: GatewayError): void;
  /** Runs what nobody foresaw to fail, which then ends this request and nothing else. */
  guarded(run: () => void): void;
};

type Exchange = { request: FastifyRequest; reply: FastifyReply; dialect: CallerDialectId };

/** The caller's side of one request on the raw socket. The reply must have been hijacked. */
export function openEdge(deps: EdgeDeps, { request, reply, dialect }: Exchange): Edge {
  const { raw, id: requestId } = request;
  const caller = openCaller({
    request: raw,
    response: reply.raw,
    headers: edgeHeaders(deps, request),
    schedule: deps.schedule,
    drainTimeoutMs: deps.limits.drainTimeoutMs,
    lingerMs: deps.limits.lingerMs,
  });
  const refuse = (error: GatewayError) => sendWhole(caller, renderError(error, requestId, dialect));
  return {
    caller,
    refuse,
    guarded: (run) => {
      try {
        run();
      } catch (error) {
        deps.onInternalError(error, requestId);
        if (reply.raw.headersSent) caller.abort();
        else refuse(gatewayErrorOf(error));
      }
    },
  };
}

/** What is on every reply that is written past the framework. */
export function edgeHeaders(
  { isHttps }: Pick<EdgeDeps, 'isHttps'>,
  request: FastifyRequest,
): { [name: string]: string } {
  const isSecure = isHttps === true || request.protocol === 'https';
  return { 'x-request-id': request.id, ...(isSecure ? secureDataHeaders : dataHeaders) };
}

function sendWhole(caller: Caller, reply: ReturnType<typeof renderError>): void {
  const length = String(Buffer.byteLength(reply.body));
  caller.head(reply.status, { ...reply.headers, 'content-length': length });
  caller.write(reply.body);
  caller.end();
}
