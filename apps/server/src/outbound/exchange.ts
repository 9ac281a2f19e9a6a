import type { IncomingHttpHeaders } from 'node:http';
import type { ProviderReply, Sending } from '@app/gateway';
import { GatewayError } from '@app/protocol';
import type { Auth } from '@app/providers';
import type { Dispatcher } from 'undici';
import { type ErrorBody, openErrorBody } from './error-body.ts';
import { readFailure } from './read-failure.ts';

/** One request under way: undici's callbacks on one side, the gateway's on the other. */
export type Exchange = { handler: Dispatcher.DispatchHandler; sending: Sending; fail(error: unknown): void };

/** After `onEnd`, `onError` or `cancel` nothing more is called. */
export function openExchange(providerId: string, auth: Auth, reply: ProviderReply): Exchange {
  let errorBody: ErrorBody | undefined;
  let controller: Dispatcher.DispatchController | undefined;
  let isOver = false;
  let isPaused = false;

  const finish = (): boolean => {
    const wasOver = isOver;
    isOver = true;
    return !wasOver;
  };
  const fail = (error: unknown): void => {
    if (!finish()) return;
    controller?.abort(STOPPED);
    reply.onError(readFailure(providerId, error));
  };

  return {
    fail,
    sending: {
      pause() {
        isPaused = true;
        controller?.pause();
      },
      resume() {
        isPaused = false;
        controller?.resume();
      },
      cancel() {
        if (finish()) controller?.abort(STOPPED);
      },
    },
    handler: {
      onRequestStart(started) {
        controller = started;
        if (isOver) started.abort(STOPPED);
        else if (isPaused) started.pause();
      },
      onResponseStart(_, status, headers) {
        if (isOver || status < 200) return;
        const refused = refusedAnswer(providerId, status, headers);
        if (refused) return fail(refused);
        if (status >= 400) errorBody = openErrorBody(auth);
        reply.onHead(status, flat(headers));
      },
      onResponseData(_, chunk) {
        if (isOver) return;
        if (errorBody) errorBody.push(chunk);
        else reply.onChunk(chunk);
      },
      onResponseEnd() {
        if (isOver) return;
        if (errorBody) reply.onChunk(errorBody.text());
        if (finish()) reply.onEnd();
      },
      onResponseError(_, error) {
        fail(error);
      },
    },
  };
}

/** One error for every stop: making a stack trace per cancelled call is work for nobody. */
const STOPPED = new Error('The request was given up.');

/** A redirect would carry the credential elsewhere, and a compressed body was not asked for. */
function refusedAnswer(
  provider: string,
  status: number,
  headers: IncomingHttpHeaders,
): GatewayError | undefined {
  if (status < 400 && status >= 300) {
    return badResponse(provider, 'answered with a redirect, which is not followed; check its base_url');
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return badResponse(provider, 'sent a compressed answer that was not asked for');
  }
  return undefined;
}

function badResponse(provider: string, sentence: string): GatewayError {
  return new GatewayError('provider_bad_response', `The provider ${provider} ${sentence}.`, { provider });
}

/** A header that came twice is joined as RFC 9110 §5.3 allows. */
function flat(headers: IncomingHttpHeaders): { [name: string]: string | undefined } {
  const single: { [name: string]: string | undefined } = {};
  for (const name in headers) {
    const value = headers[name];
    single[name] = typeof value === 'object' ? value.join(', ') : value;
  }
  return single;
}
