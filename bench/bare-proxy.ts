/**
 * The least that a proxy in Node can do: `node:http` in, undici out, bytes passed on, nothing looked at.
 * Every figure of ours is told as a ratio to it. Takes the upstream's port; prints its own.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';

const pool = new Pool(`http://127.0.0.1:${process.argv[2]}`, { connections: 12_000, pipelining: 1 });

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    pool.dispatch(
      {
        path: request.url ?? '/',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: Buffer.concat(chunks),
      },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, status, headers) => {
          response.writeHead(status, { 'content-type': String(headers['content-type']) });
        },
        onResponseData: (_controller, chunk) => {
          response.write(chunk);
        },
        onResponseEnd: () => {
          response.end();
        },
        onResponseError: () => {
          response.destroy();
        },
      },
    );
  });
});

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', 4096, () =>
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`),
);
