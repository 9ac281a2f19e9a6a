import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request as the upstream got it. `closed` resolves when its connection is gone or its answer is out. */
export type UpstreamRequest = {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
  /** The body as JSON; undefined when it is none. */
  json: { [field: string]: unknown } | undefined;
  closed: Promise<'answered' | 'aborted'>;
};

/** How one request is answered. */
export type Script = (response: ServerResponse, request: UpstreamRequest) => void | Promise<void>;

export type FakeUpstream = {
  /** Of the form `http://127.0.0.1:port`. */
  url: string;
  /** Every request so far, in order. */
  requests: UpstreamRequest[];
  /** Resolves with the request of this number (from 0) as soon as it has come. */
  received(number: number): Promise<UpstreamRequest>;
  /** From now on requests are answered by these scripts in turn; the last one goes on for ever. */
  play(...scripts: Script[]): void;
  /** How many connections are open. */
  connectionCount(): number;
  /** How many bytes the open connections have taken from the scripts. */
  bytesTaken(): number;
  close(): Promise<void>;
};

/** A real HTTP server on loopback that plays a provider by script and remembers what it was asked. */
export async function openFakeUpstream(...scripts: Script[]): Promise<FakeUpstream> {
  let queue = scripts;
  const requests: UpstreamRequest[] = [];
  const waiting = new Map<number, (request: UpstreamRequest) => void>();
  const sockets = new Set<Socket>();

  const server = createServer(async (message, response) => {
    const request = await readRequest(message, response);
    waiting.get(requests.length)?.(request);
    requests.push(request);
    const script = queue.length > 1 ? queue.shift() : queue[0];
    if (script) await script(response, request);
    else response.writeHead(500).end('this upstream has no script');
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    received: (number) => {
      const come = requests[number];
      if (come) return Promise.resolve(come);
      return new Promise((resolve) => waiting.set(number, resolve));
    },
    play: (...next) => {
      queue = next;
    },
    connectionCount: () => sockets.size,
    bytesTaken: () =>
      [...sockets].reduce((sum, socket) => sum + socket.bytesWritten - socket.writableLength, 0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readRequest(message: IncomingMessage, response: ServerResponse): Promise<UpstreamRequest> {
  const closed = new Promise<'answered' | 'aborted'>((resolve) => {
    response.on('close', () => resolve(response.writableFinished ? 'answered' : 'aborted'));
  });
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece);
  const body = Buffer.concat(pieces).toString('utf8');
  return {
    method: message.method ?? '',
    path: message.url ?? '',
    headers: message.headers,
    body,
    json: parseObject(body),
    closed,
  };
}

function parseObject(text: string): { [field: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
