import { GatewayError } from '@app/protocol';
import { StoreError } from '@app/store';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { nobodyMayJoin } from './may-join.ts';
import { openSignIn } from './open-sign-in.ts';

const pool = new pg.Pool({ host: '/nowhere' });
const tries: string[] = [];
afterEach(() => {
  tries.length = 0;
});

/** Sign-in on a PostgreSQL that is away. */
const openAway = () =>
  openSignIn({
    pool,
    secret: 's'.repeat(43),
    url: 'http://127.0.0.1:4000',
    nowMs: () => 0,
    onWarning: () => undefined,
    settings: { password: true, bcrypt_cost: 10, session_hours: 1 },
    providers: [],
    askOnce: () => Promise.reject(new Error('nobody is asked')),
    mayJoin: nobodyMayJoin,
    insertUsedCode: async () => true,
    sendReset: async () => undefined,
    onReset: async () => undefined,
    touchSession: async () => undefined,
    withMigrationLock: async () => {
      tries.push('migrate');
      throw new StoreError('store_unavailable', 'PostgreSQL does not answer.');
    },
  });

test('a request without a cookie needs no library and no PostgreSQL', async () => {
  expect(await openAway().findSession({})).toBeUndefined();
  expect(tries).toEqual([]);
});

test('who needs it while PostgreSQL is away is told so, and each later request tries again', async () => {
  const signIn = openAway();
  const refused = { code: 'store_unavailable' };
  await expect(signIn.load()).rejects.toMatchObject(refused);
  await expect(signIn.findSession({ cookie: 'a=b' })).rejects.toMatchObject(refused);
  await expect(signIn.handler(new Request('http://127.0.0.1:4000/api/auth/get-session'))).rejects.toSatisfy(
    (error) => error instanceof StoreError || error instanceof GatewayError,
  );
  expect(tries).toHaveLength(3);
});
