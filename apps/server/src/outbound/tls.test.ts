import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { GatewayError } from '@app/protocol';
import { providerRow, Secret } from '@app/providers';
import { makeCertificate } from '@app/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createOutbound } from './create-outbound.ts';

const certificate = makeCertificate('provider.example');
const seen: { host: string | undefined; servername: unknown; authorization: string | undefined }[] = [];
let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
    const { servername } = request.socket as TLSSocket & { servername?: unknown };
    const { host, authorization } = request.headers;
    seen.push({ host, servername, authorization });
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function ask(hostname: string, ca?: string): Promise<GatewayError | 'answered'> {
  const outbound = createOutbound({
    allowPrivateHosts: [hostname],
    resolve: (_, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    sandboxSend: () => {
      throw new Error('nothing should reach the sandbox');
    },
    nowMs: () => 0,
    ...(ca === undefined ? {} : { ca }),
  });
  const provider = providerRow({
    id: 'acme',
    dialect: 'openai-chat',
    baseUrl: `https://${hostname}:${port}`,
    secret: new Secret('canary'),
  });
  const answer = await new Promise<GatewayError | 'answered'>((resolve) => {
    outbound.send(
      { provider, mode: 'live', path: '/x', headers: {}, body: '{}' },
      { onHead: () => {}, onChunk: () => {}, onEnd: () => resolve('answered'), onError: resolve },
    );
  });
  await outbound.destroy();
  return answer;
}

test('the name is kept for TLS and for Host, although the connection goes to the checked address', async () => {
  expect(await ask('provider.example', certificate.cert)).toBe('answered');
  expect(seen).toEqual([
    { host: `provider.example:${port}`, servername: 'provider.example', authorization: 'Bearer canary' },
  ]);
});

test.each([
  ['provider.example', undefined],
  ['other.example', certificate.cert],
])(
  'a certificate that does not vouch for %s ends the call before the credential is sent',
  async (hostname, ca) => {
    const before = seen.length;
    expect(await ask(hostname, ca)).toMatchObject({
      code: 'provider_failed',
      message: expect.stringContaining('TLS certificate'),
    });
    expect(seen).toHaveLength(before);
  },
);

test('a certificate is checked also where the environment says that none is', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const before = seen.length;
  expect(await ask('provider.example')).toMatchObject({ code: 'provider_failed' });
  vi.unstubAllEnvs();
  expect(seen).toHaveLength(before);
});
