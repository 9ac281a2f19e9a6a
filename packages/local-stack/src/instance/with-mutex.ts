import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Runs `work` while no other process on this machine runs it for the same name. The mutex is a socket in Linux's
 * abstract namespace: the kernel gives it to one process and takes it back when that process dies. Elsewhere there is
 * nothing of the kind and `work` runs at once.
 */
export async function withMutex<T>(name: string, work: () => Promise<T>, waitMs = 10_000): Promise<T> {
  if (process.platform !== 'linux') return work();
  const address = `\0tokenrouter-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
  const deadline = performance.now() + waitMs;
  let server = await listen(address);
  while (server === undefined) {
    if (performance.now() > deadline)
      throw new Error(`Another process keeps starting or stopping on ${name}.`);
    await delay(10);
    server = await listen(address);
  }
  try {
    return await work();
  } finally {
    server.close();
  }
}

function listen(address: string): Promise<Server | undefined> {
  const { promise, resolve } = Promise.withResolvers<Server | undefined>();
  const server = createServer((socket) => socket.destroy());
  server.once('error', () => resolve(undefined));
  server.listen(address, () => resolve(server));
  return promise;
}
