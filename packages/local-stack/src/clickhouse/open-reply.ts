import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { finished, type Writable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import { type EngineError, statusOf, writeEngineError } from './engine-error.ts';
import type { JobSummary } from './session-job.ts';

export interface Reply {
  /** Sends rows; the first call sends the head. Resolves when more may be sent, also when the client has left. */
  write(bytes: Uint8Array): Promise<void>;
  end(summary?: JobSummary): void;
  /** A status and a text before the first row; afterwards the closing block by which clients know a broken stream. */
  fail(error: EngineError): void;
}

/** Opens the answer to one query, in the shape of ClickHouse's HTTP interface. */
export function openReply(
  response: ServerResponse,
  { queryId, format, wantsGzip }: { queryId: string; format: string; wantsGzip: boolean },
): Reply {
  const tag = randomBytes(8).toString('hex');
  const startedMs = performance.now();
  let body: Writable | undefined;
  response.setHeader('X-ClickHouse-Query-Id', queryId);
  response.setHeader('X-ClickHouse-Format', format);
  response.setHeader('X-ClickHouse-Timezone', 'UTC');
  response.setHeader('X-ClickHouse-Exception-Tag', tag);
  const openBody = (): Writable => {
    response.writeHead(200, {
      'Content-Type': 'text/plain; charset=UTF-8',
      ...(wantsGzip && { 'Content-Encoding': 'gzip' }),
    });
    return wantsGzip ? zip(response) : response;
  };
  return {
    async write(bytes) {
      if (response.destroyed) return;
      body ??= openBody();
      if (!body.write(bytes)) await canContinue(body, response);
    },
    end(summary) {
      if (summary && !response.headersSent) {
        response.setHeader('X-ClickHouse-Summary', writeSummary(summary, performance.now() - startedMs));
      }
      (body ?? response).end();
    },
    fail(error) {
      const text = writeEngineError(error);
      if (body === undefined) {
        response.setHeader('X-ClickHouse-Exception-Code', String(error.code));
        response.writeHead(statusOf(error.code), { 'Content-Type': 'text/plain; charset=UTF-8' });
        response.end(`${text}\n`);
      } else {
        // The length counts the bytes of the message with its newline; clients read it from the end.
        const bytes = Buffer.byteLength(text) + 1;
        body.end(`\r\n__exception__\r\n${tag}\r\n${text}\n${bytes} ${tag}\r\n__exception__\r\n`);
      }
    },
  };
}

function zip(response: ServerResponse): Writable {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  gzip.pipe(response);
  // A zip stream is not told when the client leaves, and would hold its writer for ever.
  finished(response, () => gzip.destroy());
  gzip.on('error', () => response.destroy());
  return gzip;
}

/** A client that takes nothing for so long is cut off: it holds one of a few sessions. */
const stallMsMax = 60_000;

function canContinue(body: Writable, response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stalled = setTimeout(() => response.destroy(), stallMsMax);
  const done = () => {
    clearTimeout(stalled);
    body.off('drain', done);
    body.off('close', done);
    response.off('close', done);
    resolve();
  };
  body.on('drain', done);
  body.on('close', done);
  response.on('close', done);
  if (response.destroyed) done();
  return promise;
}

function writeSummary(
  { readRows, readBytes, writtenRows, writtenBytes }: JobSummary,
  tookMs: number,
): string {
  return JSON.stringify({
    read_rows: String(readRows),
    read_bytes: String(readBytes),
    written_rows: String(writtenRows),
    written_bytes: String(writtenBytes),
    total_rows_to_read: '0',
    result_rows: String(readRows),
    result_bytes: String(readBytes),
    elapsed_ns: String(Math.round(tookMs * 1e6)),
  });
}
