import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestManagement, type TestManagement } from '../open-test-management.ts';

let server: TestManagement;
beforeAll(async () => {
  server = await openTestManagement();
}, 120_000);
afterAll(() => server.close());

/** A try to sign in that came by way of this address, as a trusted proxy would tell it. */
async function tryFrom(remoteAddress: string): Promise<number> {
  const host = '127.0.0.1:4000';
  const reply = await server.app.inject({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    remoteAddress,
    headers: { host, origin: `http://${host}` },
    // Too long to be hashed, so that the tries take no time.
    payload: { email: 'ada@example.com', password: 'x'.repeat(80) },
  });
  return reply.statusCode;
}

test.each([
  ['an address', (_: number) => '192.0.2.7'],
  ['an address with the port of each connection', (at: number) => `192.0.2.8:${40_000 + at}`],
  ['what is no address', () => 'unknown'],
  ['ever new words', (at: number) => `word-${at}`],
  ['one network of IPv6', (at: number) => `2001:db8::${at.toString(16)}`],
])('tries are slowed down when a proxy names the caller by %s', async (_, nameOf) => {
  server.advance(61_000);
  const statuses: number[] = [];
  for (let at = 1; at <= 15; at += 1) statuses.push(await tryFrom(nameOf(at)));
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(5);
});
