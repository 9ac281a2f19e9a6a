import type { Endpoints } from './create-endpoints.ts';
import { readFailure } from './read-failure.ts';
import { writeHeaders } from './write-headers.ts';

export type HeadAnswer = { status: number; retryAfter: string | undefined };

const SILENCE_TIMEOUT_MS = 10_000;
/** Why an answer is not read on; nobody hears of it. */
const ENOUGH = new Error('The head of the answer is enough.');

/**
 * Posts a body and gives the head of the answer, whatever follows it: of a body no byte is read, compressed or not, and a
 * redirect is a status like any other. Rejects with a `GatewayError` when no head comes.
 */
export function askForHead(
  endpoints: Pick<Endpoints, 'get'>,
  { url, headers, body }: { url: URL; headers: { [name: string]: string }; body: string },
): Promise<HeadAnswer> {
  return new Promise((resolve, reject) => {
    const endpoint = endpoints.get(url.origin);
    endpoint.pool.dispatch(
      {
        method: 'POST',
        path: endpoint.pathTo(url.pathname) + url.search,
        headers: writeHeaders({}, headers, {}),
        body,
        headersTimeout: SILENCE_TIMEOUT_MS,
        bodyTimeout: SILENCE_TIMEOUT_MS,
      },
      {
        onRequestStart() {},
        onResponseStart(controller, status, answered) {
          if (status < 200) return;
          const wait = answered['retry-after'];
          resolve({ status, retryAfter: typeof wait === 'string' ? wait : undefined });
          controller.abort(ENOUGH);
        },
        onResponseData() {},
        onResponseEnd() {},
        onResponseError: (_, error) => reject(readFailure(url.hostname, error)),
      },
    );
  });
}
