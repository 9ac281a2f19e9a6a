import { z } from 'zod';

/** JSON-RPC 2.0 as the Model Context Protocol uses it (modelcontextprotocol.io, base protocol): one message a request. */
export const RpcRequest = z.object({
  jsonrpc: z.literal('2.0'),
  /** Absent for a notification, which is not answered. */
  id: z.union([z.string().max(200), z.number()]).optional(),
  method: z.string().max(200),
  params: z.record(z.string(), z.unknown()).optional(),
});
export type RpcRequest = z.infer<typeof RpcRequest>;

export type RpcId = string | number | null;
export type RpcAnswer =
  | { jsonrpc: '2.0'; id: RpcId; result: object }
  | { jsonrpc: '2.0'; id: RpcId; error: { code: number; message: string } };

export const RPC_CODES = { invalidRequest: -32600, noSuchMethod: -32601, invalidParams: -32602 };

export const rpcResult = (id: RpcId, result: object): RpcAnswer => ({ jsonrpc: '2.0', id, result });
export const rpcError = (id: RpcId, code: number, message: string): RpcAnswer => ({
  jsonrpc: '2.0',
  id,
  error: { code, message },
});
