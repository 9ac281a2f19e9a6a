import { connect, type Server } from 'node:net';
import { promisify } from 'node:util';
import { endpoints } from '@app/contract';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { silentAudit } from '../../../test/silent-audit.ts';
import { waitUntil } from '../../../test/wait-until.ts';
import type { Access } from './create-access.ts';
import type { Operation } from './operation.ts';
import { registerOperations } from './register-operations.ts';

const nobodyEnters = async () => {
  throw new Error('Nobody is asked for here.');
};
const access: Access = {
  enterProject: nobodyEnters,
  enterOrganization: nobodyEnters,
  enterSession: nobodyEnters,
  checkHost: () => undefined,
};

test('whoever leaves before the first line of an answer is not waited for: what holds the lines is told', async () => {
  let left = 0;
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  const values = {
    [Symbol.asyncIterator]: () => ({
      next: async () => ({ done: false, value: { kind: 'call' } }),
      return: async () => {
        left += 1;
        return { done: true, value: undefined };
      },
    }),
  };
  const operation: Operation = {
    endpoint: endpoints.exportProject,
    permission: 'settings:write',
    action: 'data.export',
    handle: async () => {
      asked.resolve();
      await answered.promise;
      return { body: values, setCookies: [] };
    },
  };
  const app = fastify();
  await app.register(async (scope) =>
    registerOperations({ operations: [operation], access, audit: silentAudit })(scope),
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  try {
    const socket = connect(Number(new URL(app.listeningOrigin).port), '127.0.0.1');
    socket.write('GET /api/v1/projects/p/export HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    await asked.promise;
    socket.destroy();
    await waitUntil(async () => (await countConnections(app.server)) === 0);
    expect(left).toBe(0);
    answered.resolve();
    await waitUntil(() => left === 1, 5_000);
  } finally {
    await app.close();
  }
});

const countConnections = (server: Server): Promise<number> =>
  promisify<number>((done) => server.getConnections((error, count) => done(error, count)))();
