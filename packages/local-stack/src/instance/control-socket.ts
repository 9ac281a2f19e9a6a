import { rmSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';

/**
 * Listens on the control socket, which is the instance lock: whoever listens owns the data folder. Resolves to
 * undefined when another process answers there; takes over from one that was killed. Call it inside the mutex.
 */
export async function openControlSocket(path: string, answer: () => string): Promise<Server | undefined> {
  if ((await askControlSocket(path)) !== undefined) return undefined;
  rmSync(path, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(answer());
  });
  const { promise, resolve, reject } = Promise.withResolvers<Server>();
  server.once('error', reject);
  server.listen(path, () => resolve(server));
  return promise;
}

/** What the owner answers; an empty string when it is too busy to say anything; undefined when nobody listens. */
export function askControlSocket(path: string, timeoutMs = 2_000): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const socket = createConnection(path);
  let text = '';
  let isConnected = false;
  socket.setEncoding('utf8');
  socket.setTimeout(timeoutMs, () => socket.destroy());
  socket.on('connect', () => {
    isConnected = true;
  });
  socket.on('data', (more: string) => {
    text = (text + more).slice(0, 4_096);
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => resolve(isConnected ? text : undefined));
  return promise;
}
