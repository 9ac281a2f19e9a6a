import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { IngestBatch, IngestSpan } from '@app/contract';

/** One request as its bytes arrived. */
export type Arrival = {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  /** Head and body as text, the body decompressed: every byte that left the sender. */
  wire: string;
  batch: IngestBatch & { spans: IngestSpan[] };
};

export type Answer = (arrival: Arrival, response: ServerResponse) => void;

export type IngestServer = {
  endpoint: string;
  arrivals: Arrival[];
  spans(): IngestSpan[];
  /** Answers the next requests, one each; afterwards all is accepted. */
  script(...answers: Answer[]): void;
  close(): Promise<void>;
};

/** A server on loopback that takes batches as the real one does and remembers every byte. */
export async function openIngestServer(): Promise<IngestServer> {
  const arrivals: Arrival[] = [];
  const answers: Answer[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const arrival = readArrival(request, Buffer.concat(pieces));
      arrivals.push(arrival);
      (answers.shift() ?? acceptAll)(arrival, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    arrivals,
    spans: () => arrivals.flatMap(({ batch }) => batch.spans),
    script: (...more) => void answers.push(...more),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An answer of this status with nothing in it. */
export function answerStatus(status: number, headers: Record<string, string> = {}): Answer {
  return (_arrival, response) => {
    response.writeHead(status, headers).end();
  };
}

function acceptAll({ batch }: Arrival, response: ServerResponse): void {
  const accepted = batch.spans.length + (batch.scores?.length ?? 0);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ accepted, rejected: [] }));
}

function readArrival(request: IncomingMessage, body: Buffer): Arrival {
  const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
  const batch = JSON.parse(text);
  return {
    method: request.method ?? '',
    url: request.url ?? '',
    headers: request.headers,
    wire: `${request.method} ${request.url}\n${request.rawHeaders.join('\n')}\n${text}`,
    batch: { ...batch, spans: batch.spans ?? [] },
  };
}
