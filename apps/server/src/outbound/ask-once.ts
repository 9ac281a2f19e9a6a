import { GatewayError } from '@app/protocol';
import type { Endpoints } from './create-endpoints.ts';
import { openExchange } from './exchange.ts';
import { writeHeaders } from './write-headers.ts';

type OnceRequest = {
  method: 'GET' | 'POST';
  url: URL;
  headers: { [name: string]: string };
  /** Headers that show who we are. */
  credential?: { [name: string]: string };
  body?: string;
};

/** Makes one small request and gives its whole answer. Rejects with a `GatewayError` when none comes. */
export type AskOnce = (request: OnceRequest) => Promise<OnceAnswer>;

type OnceAnswer = {
  status: number;
  body: string;
  /** By lower-case name. */
  headers?: { readonly [name: string]: string | undefined };
};

const SILENCE_TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 131_072;

/** By the same guarded way as calls: checked addresses, no redirects, bounded sizes and waits. */
export function createAskOnce(endpoints: Pick<Endpoints, 'get'>): AskOnce {
  return ({ method, url, headers, credential = {}, body }) =>
    new Promise((resolve, reject) => {
      let status = 0;
      let answered: NonNullable<OnceAnswer['headers']> = {};
      const chunks: Uint8Array[] = [];
      let length = 0;
      const exchange = openExchange(
        url.hostname,
        { kind: 'none' },
        {
          onHead: (code, sent) => {
            status = code;
            answered = sent;
          },
          onChunk: (bytes) => {
            length += bytes.length;
            if (length <= ANSWER_BYTES_MAX) chunks.push(Uint8Array.from(bytes));
            else exchange.fail(new GatewayError('provider_bad_response', 'The answer is too large.'));
          },
          onEnd: () => resolve({ status, body: Buffer.concat(chunks).toString('utf8'), headers: answered }),
          onError: reject,
        },
      );
      const endpoint = endpoints.get(url.origin);
      endpoint.pool.dispatch(
        {
          method,
          path: endpoint.pathTo(url.pathname) + url.search,
          headers: writeHeaders({}, headers, credential),
          body: body ?? null,
          headersTimeout: SILENCE_TIMEOUT_MS,
          bodyTimeout: SILENCE_TIMEOUT_MS,
        },
        exchange.handler,
      );
    });
}
