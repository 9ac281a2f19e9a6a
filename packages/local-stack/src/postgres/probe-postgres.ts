import { createConnection } from 'node:net';

/**
 * Resolves when PostgreSQL lets a client in, rejects with its own words when it does not (for instance while it
 * recovers from a crash). Speaks just the start of the PostgreSQL frontend/backend protocol 3.0.
 */
export function probePostgres(
  target: { socketPath: string; user: string; database: string },
  signal: AbortSignal,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = createConnection({ path: target.socketPath, signal });
  let received = Buffer.alloc(0);
  socket.on('connect', () => socket.write(writeStartup(target)));
  socket.on('data', (bytes) => {
    received = Buffer.concat([received, bytes]);
    const kind = received.subarray(0, 1).toString('latin1');
    if (kind === 'R') {
      socket.end(Buffer.from([0x58, 0, 0, 0, 4]));
      resolve();
    } else if (kind === 'E' && received.length >= 5 && received.length > received.readUInt32BE(1)) {
      reject(new Error(readErrorMessage(received)));
      socket.destroy();
    }
  });
  socket.on('error', reject);
  socket.on('close', () => reject(new Error('PostgreSQL closed the connection.')));
  return promise.finally(() => socket.destroySoon());
}

function writeStartup({ user, database }: { user: string; database: string }): Buffer {
  const fields = `user\0${user}\0database\0${database}\0application_name\0health\0\0`;
  const message = Buffer.alloc(8 + Buffer.byteLength(fields));
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(196_608, 4);
  message.write(fields, 8);
  return message;
}

/** The field `M` of an ErrorResponse: a list of one-letter kinds, each followed by a zero-ended text. */
function readErrorMessage(message: Buffer): string {
  const fields = message.subarray(5).toString('utf8').split('\0');
  return fields.find((field) => field.startsWith('M'))?.slice(1) ?? 'PostgreSQL refused the connection.';
}
