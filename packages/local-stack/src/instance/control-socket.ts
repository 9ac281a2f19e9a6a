import { randomUUID } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { basename, dirname, join } from 'node:path';

/**
 * Listens on the control socket, which is the instance lock: whoever listens owns the data folder. Resolves to
 * undefined when another process answers there; takes over from one that was killed.
 */
export async function openControlSocket(path: string, answer: () => string): Promise<Server | undefined> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end(answer());
    });
    if (await listens(server, path)) return server;
    if ((await askControlSocket(path)) !== undefined) return undefined;
    if (!(await removeStale(path))) return undefined;
  }
  throw new Error(`The control socket ${path} cannot be opened.`);
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

/**
 * Removes a socket nobody listens on. It is moved aside first and asked once more: should another starter have
 * taken over in between, its living socket is put back and we have lost.
 */
async function removeStale(path: string): Promise<boolean> {
  const aside = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}`);
  try {
    renameSync(path, aside);
  } catch {
    return true;
  }
  if ((await askControlSocket(aside)) === undefined) {
    rmSync(aside, { force: true });
    return true;
  }
  renameSync(aside, path);
  return false;
}

function listens(server: Server, path: string): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  server.once('error', (error) => {
    if ('code' in error && error.code === 'EADDRINUSE') resolve(false);
    else reject(error);
  });
  server.listen(path, () => resolve(true));
  return promise;
}
