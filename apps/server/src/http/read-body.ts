import type { IncomingMessage } from 'node:http';
import type { Outcome } from '@app/gateway';
import { GatewayError } from '@app/protocol';
import type { BodyLease } from './body-room.ts';

export type BodyBounds = { bytesMax: number; lease: BodyLease };

/**
 * Reads a request's body up to `bytesMax`, for as long as the lease has room for it. Calls `done` once, or never when the caller leaves in the middle:
 * then nobody is there to hear of it. How long it may take is the server's `requestTimeout`.
 */
export function readBody(
  request: IncomingMessage,
  { bytesMax, lease }: BodyBounds,
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
    } else if (!lease.take(piece.length)) {
      stop();
      done(noRoom());
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

/** The server is full of other bodies. */
export function noRoom(): Outcome<never> {
  const message = 'The server holds as many request bodies as it can. Try again soon.';
  return { ok: false, error: new GatewayError('overloaded', message, { retryAfterS: 1 }) };
}
