import type { IncomingMessage } from 'node:http';
import type { Outcome } from '@app/gateway';
import { GatewayError } from '@app/protocol';

/**
 * Reads a request's body up to `bytesMax`. Calls `done` once, or never when the caller leaves in the middle:
 * then nobody is there to hear of it. How long it may take is the server's `requestTimeout`.
 */
export function readBody(
  request: IncomingMessage,
  bytesMax: number,
  done: (body: Outcome<Buffer>) => void,
): void {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) {
    done(tooLarge(bytesMax));
    return;
  }
  const pieces: Buffer[] = [];
  let length = 0;
  const onData = (piece: Buffer): void => {
    length += piece.length;
    if (length > bytesMax) {
      stop();
      done(tooLarge(bytesMax));
    } else {
      pieces.push(piece);
    }
  };
  const onEnd = (): void => {
    stop();
    const first = pieces[0];
    done({ ok: true, value: pieces.length === 1 && first ? first : Buffer.concat(pieces, length) });
  };
  const stop = (): void => {
    request.off('data', onData);
    request.off('end', onEnd);
  };
  request.on('data', onData);
  request.on('end', onEnd);
}

function tooLarge(bytesMax: number): Outcome<never> {
  const message = `The request body is larger than ${bytesMax} bytes.`;
  return { ok: false, error: new GatewayError('body_too_large', message, { retryable: false }) };
}
