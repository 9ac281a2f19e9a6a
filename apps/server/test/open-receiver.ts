import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestCertificate } from '@app/testkit';

type Received = { path: string; headers: IncomingHttpHeaders; body: string };
type Answer = { status: number; headers?: { [name: string]: string } } | 'hang' | 'cut';

export type TestReceiver = {
  port: number;
  received: Received[];
  /** What the next requests are answered with; 200 when there is nothing left. */
  answers: Answer[];
  close(): Promise<void>;
};

/** A receiver of webhooks on loopback, by TLS where it is given a certificate. */
export async function openReceiver(certificate?: TestCertificate): Promise<TestReceiver> {
  const received: Received[] = [];
  const answers: Answer[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      received.push({ path, headers, body: Buffer.concat(chunks).toString('utf8') });
      const answer = answers.shift() ?? { status: 200 };
      if (answer === 'cut') response.destroy();
      else if (answer !== 'hang')
        response.writeHead(answer.status, answer.headers).end('what it says is not told');
    });
  };
  const server = certificate === undefined ? createServer(listener) : createTlsServer(certificate, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    received,
    answers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
