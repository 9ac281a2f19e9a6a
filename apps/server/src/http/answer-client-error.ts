import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { GatewayError } from '@app/protocol';
import { renderError } from './render-error.ts';
import { strictestHeaders } from './security-headers.ts';

/**
 * Answers what never became a request (no HTTP, too many header bytes, too slow) with the same envelope as
 * everything else, and closes the connection, because where the next request begins can no longer be known.
 */
export function answerClientError(error: Error & { code?: string }, socket: Socket, requestId: string): void {
  if (error.code === 'ECONNRESET' || isHandshake(error.code) || !socket.writable || hasAnswered(socket)) {
    socket.destroy();
    return;
  }
  const { status, headers, body } = renderError(clientErrorOf(error.code), requestId, 'openai-chat');
  const all = {
    ...headers,
    ...strictestHeaders,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
  socket.destroySoon();
}

/** A caller that did not get as far as TLS could not read an answer. */
function isHandshake(code = ''): boolean {
  return code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_');
}

function clientErrorOf(code: string | undefined): GatewayError {
  const never = { retryable: false };
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new GatewayError('headers_too_large', 'The request headers are too large.', never);
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new GatewayError('request_timeout', 'The request did not arrive in time.', { retryAfterS: 1 });
  }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') {
    return new GatewayError('body_too_large', "The request body's chunk extensions are too large.", never);
  }
  return new GatewayError('invalid_parameter', 'The request is not valid HTTP/1.1.', never);
}

/** Node keeps the reply under way on the socket; a second head in the middle of one would be taken for its body. */
function hasAnswered(socket: Socket): boolean {
  const reply: unknown = Reflect.get(socket, '_httpMessage');
  return typeof reply === 'object' && reply !== null && Reflect.get(reply, 'headersSent') === true;
}
