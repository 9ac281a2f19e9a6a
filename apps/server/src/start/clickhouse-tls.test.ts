import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { openClickhouse } from '@app/store/test/open-clickhouse';
import { makeCertificate, type TestCertificate } from '@app/testkit';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';

const own = makeCertificate('localhost');
const expired = makeCertificate('localhost', { until: '2021-01-01' });
const otherName = makeCertificate('db.elsewhere.example');
afterEach(() => vi.unstubAllEnvs());

describe('a ClickHouse behind TLS', () => {
  const servers: Server[] = [];
  /** What came through, with the credential it showed. */
  const seen: (string | undefined)[] = [];
  afterAll(() => {
    for (const server of servers) server.close().closeAllConnections();
  });

  /** Says `1` to everything, as far as anybody gets through to it. */
  async function listen(certificate: TestCertificate): Promise<string> {
    const server = createServer(certificate, (request, response) => {
      seen.push(request.headers.authorization);
      response.end('1\n');
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `https://localhost:${(server.address() as AddressInfo).port}`;
  }

  async function answers(certificate: TestCertificate, ca?: string): Promise<boolean> {
    const url = await listen(certificate);
    const client = openClickhouse({ url, ca, username: 'reader', password: 'swordfish-7' });
    try {
      return await client.ping();
    } finally {
      await client.close();
    }
  }

  test('is told the password where its authority is named', async () => {
    expect(await answers(own, own.cert)).toBe(true);
    expect(seen.at(-1)).toBe(`Basic ${Buffer.from('reader:swordfish-7').toString('base64')}`);
  });

  test.each<[string, TestCertificate, TestCertificate | undefined]>([
    ['an authority that nobody named', own, undefined],
    ['another authority', own, makeCertificate('localhost')],
    ['another name', otherName, otherName],
    ['a date that is over', expired, expired],
  ])('is told nothing where its certificate has %s, whatever the environment says', async (_, shown, ca) => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const before = seen.length;
    expect(await answers(shown, ca?.cert)).toBe(false);
    expect(seen).toHaveLength(before);
  });
});
