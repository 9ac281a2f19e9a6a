import { GatewayError } from '@app/protocol';
import type { Endpoints } from './create-endpoints.ts';
import { openExchange } from './exchange.ts';
import { writeHeaders } from './write-headers.ts';

/** Posts a form and gives its whole answer. Rejects with a `GatewayError` when none comes. */
export type PostForm = (url: URL, form: string) => Promise<{ status: number; body: string }>;

const SILENCE_TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 65_536;

/** By the same guarded way as calls: checked addresses, no redirects, bounded sizes and waits. */
export function createPostForm(endpoints: Endpoints): PostForm {
  return (url, form) =>
    new Promise((resolve, reject) => {
      let status = 0;
      const chunks: Uint8Array[] = [];
      let length = 0;
      const exchange = openExchange(
        url.hostname,
        { kind: 'none' },
        {
          onHead: (code) => {
            status = code;
          },
          onChunk: (bytes) => {
            length += bytes.length;
            if (length <= ANSWER_BYTES_MAX) chunks.push(Uint8Array.from(bytes));
            else exchange.fail(new GatewayError('provider_bad_response', 'The answer is too large.'));
          },
          onEnd: () => resolve({ status, body: Buffer.concat(chunks).toString('utf8') }),
          onError: reject,
        },
      );
      const endpoint = endpoints.get(url.origin);
      endpoint.pool.dispatch(
        {
          method: 'POST',
          path: endpoint.pathTo(url.pathname) + url.search,
          headers: writeHeaders({}, FORM_HEADERS, {}),
          body: form,
          headersTimeout: SILENCE_TIMEOUT_MS,
          bodyTimeout: SILENCE_TIMEOUT_MS,
        },
        exchange.handler,
      );
    });
}

const FORM_HEADERS = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
