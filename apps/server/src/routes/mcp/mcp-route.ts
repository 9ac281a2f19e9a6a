import { GatewayError } from '@app/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findSecret } from '../../http/find-secret.ts';
import { answerMcp, type McpDeps } from '../../mcp/answer-mcp.ts';
import { RPC_CODES, RpcRequest, rpcError } from '../../mcp/json-rpc.ts';
import { noteRefusal, requestOf } from '../api/register-operations.ts';

const BODY_BYTES_MAX = 64 * 1024;

/**
 * The Model Context Protocol over streamable HTTP (modelcontextprotocol.io, transports), without sessions: every message is a
 * POST and its answer is JSON. Only keys come in, and a page of another site cannot send one.
 */
export function mcpRoute(deps: McpDeps) {
  return (app: FastifyInstance): void => {
    app.post('/mcp', { bodyLimit: BODY_BYTES_MAX }, (request, reply) =>
      answer(deps, request, reply).catch((error: unknown) => {
        noteRefusal(deps.audit, requestOf(request), { error, route: 'POST /mcp' });
        throw error;
      }),
    );
  };
}

async function answer(deps: McpDeps, request: FastifyRequest, reply: FastifyReply) {
  const asked = requestOf(request);
  reply.header('cache-control', 'no-store');
  deps.access.checkHost(asked);
  if (request.headers.origin !== undefined) {
    throw new GatewayError('insufficient_permissions', 'Agents come here, not web pages.', {
      retryable: false,
    });
  }
  if (findSecret(request.headers) === undefined) {
    reply.header('www-authenticate', 'Bearer');
    throw new GatewayError('invalid_api_key', 'Invalid API key provided', { retryable: false });
  }
  // Who may not read traces hears it now, whatever is asked.
  await deps.access.enterProject({ ...asked, params: {} }, 'traces:read');
  const rpc = RpcRequest.safeParse(request.body);
  if (!rpc.success) {
    const message = 'A message is one JSON-RPC 2.0 object with a method; batches are not taken.';
    return reply.code(400).send(rpcError(null, RPC_CODES.invalidRequest, message));
  }
  const told = await answerMcp(deps, { request: asked, rpc: rpc.data });
  return told === undefined ? reply.code(202).send() : reply.send(told);
}
