import { Agent, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { drain } from './drain.ts';

/** A server whose path `/wait` answers when it is told to. */
async function openServer() {
  const { promise: isReleased, resolve: release } = Promise.withResolvers<void>();
  const { promise: isWaiting, resolve: waits } = Promise.withResolvers<void>();
  const app = Fastify();
  app.get('/', async () => 'ok');
  app.get('/wait', async () => {
    waits();
    await isReleased;
    return 'late';
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { app, release, isWaiting, url: `http://127.0.0.1:${port}` };
}

function ask(url: string, agent: Agent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume().on('end', () => resolve(response));
    }).on('error', reject);
  });
}

test('a call under way ends well, and no client can keep a stopping server by calling on', async () => {
  const { app, release, isWaiting, url } = await openServer();
  const busy = new Agent({ keepAlive: true, maxSockets: 1 });
  const other = new Agent({ keepAlive: true, maxSockets: 1 });
  await ask(url, busy);
  const late = ask(`${url}/wait`, other);
  // Sent on the same connection as soon as the reply before it is there.
  const next = ask(url, other);
  await isWaiting;
  const drained = drain(app, 60_000);
  release();
  expect((await late).statusCode).toBe(200);
  expect(await next.then(({ headers }) => headers.connection, String)).toMatch(/close|ECONN|hang up/);
  await drained;
  await expect(ask(url, busy)).rejects.toThrow();
  for (const agent of [busy, other]) agent.destroy();
});

test('a call that does not end is given up after its time', async () => {
  const { app, isWaiting, url } = await openServer();
  const agent = new Agent();
  const late = ask(`${url}/wait`, agent).catch(() => 'cut');
  await isWaiting;
  await drain(app, 50);
  agent.destroy();
  expect(await late).toBe('cut');
});
