import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller, Schedule } from '@app/gateway';

type Headers = { [name: string]: string };

export type CallerOptions = {
  request: IncomingMessage;
  response: ServerResponse;
  /** On every reply, whatever its status. */
  headers: Headers;
  schedule: Schedule;
  /** How long a caller may leave a full socket unread. */
  drainTimeoutMs: number;
  /** How long a caller that was answered early may go on sending its body. */
  lingerMs: number;
};

/** A caller on a socket. `onLeave` runs `run` when the connection goes before the reply was ended or aborted. */
export type SocketCaller = Caller & { onLeave(run: () => void): void };

export function openCaller(options: CallerOptions): SocketCaller {
  const { request, response, headers: always, schedule, drainTimeoutMs, lingerMs } = options;
  let isOver = false;
  let isWhole = false;
  let held: string | Uint8Array | undefined;
  let stopWaiting: (() => void) | undefined;
  let onLeft: (() => void) | undefined;

  const waitForDrain = (): void => {
    stopWaiting ??= schedule(drainTimeoutMs, () => response.destroy());
  };
  response.on('close', () => {
    stopWaiting?.();
    if (!isOver) onLeft?.();
  });
  // A reset by the caller is no news: `close` follows and says all there is to say.
  response.on('error', () => {});

  return {
    head: (status, headers) => {
      isWhole = headers['content-length'] !== undefined;
      response.writeHead(status, { ...always, ...headers });
    },
    write: (bytes) => {
      // A reply of known length is one piece: with its end it leaves in a single write.
      if (isWhole) {
        isWhole = false;
        held = bytes;
        return true;
      }
      if (held !== undefined) {
        response.write(held);
        held = undefined;
      }
      const hasRoom = response.write(bytes);
      if (!hasRoom) waitForDrain();
      return hasRoom;
    },
    onDrain: (run) => {
      response.once('drain', () => {
        stopWaiting?.();
        stopWaiting = undefined;
        run();
      });
    },
    end: () => {
      isOver = true;
      if (held === undefined) response.end();
      else response.end(held);
      if (response.writableLength > 0) waitForDrain();
      if (!request.complete) schedule(lingerMs, () => request.complete || request.destroy());
    },
    abort: () => {
      isOver = true;
      waitForDrain();
      // Ends the socket once all is flushed, and without the last chunk that would say the reply is complete.
      if (response.socket) response.socket.destroySoon();
      else response.destroy();
    },
    onLeave: (run) => {
      onLeft = run;
    },
  };
}
