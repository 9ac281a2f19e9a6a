import { type Agent, request } from 'node:http';

export type CallToSend = {
  url: string;
  path: string;
  key: string;
  body: object | string;
  agent?: Agent | undefined;
  headers?: { [name: string]: string };
};

/** What a client has of a call when its connection is over, or earlier when the reply is. */
export type SentCall = {
  /** 0 when not even a status came. */
  status: number;
  requestId: string;
  text: string;
  /** The last byte, or for a stream its end mark, arrived: from here on the call may not be forgotten. */
  isComplete: boolean;
  isStream: boolean;
  /** What ended it before its time. */
  problem: string | undefined;
};

/** The last frame of a stream, whole, in either dialect. */
const END_OF_STREAM = /(^|\n)data: \[DONE\]\n\n|(^|\n)event: message_stop\ndata: .*\n\n/;

/** Longer than any call of a test; a call that is never answered is told as one instead of holding its test up. */
const PATIENCE_MS = 120_000;

/** Makes one call. Never rejects: a connection that breaks is part of what it resolves to. */
export function sendCall({ url, path, key, body, agent, headers }: CallToSend): Promise<SentCall> {
  const { promise, resolve } = Promise.withResolvers<SentCall>();
  const call: SentCall = {
    status: 0,
    requestId: '',
    text: '',
    isComplete: false,
    isStream: false,
    problem: undefined,
  };
  const sent = request(`${url}${path}`, {
    method: 'POST',
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(agent === undefined ? {} : { agent }),
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
  });
  const fail = (error: Error) => {
    call.problem ??= error.message;
    resolve(call);
  };
  sent.on('error', fail);
  sent.on('response', (response) => {
    call.status = response.statusCode ?? 0;
    call.requestId = String(response.headers['x-request-id'] ?? '');
    call.isStream = response.headers['content-type']?.startsWith('text/event-stream') ?? false;
    response.setEncoding('utf8');
    response.on('data', (piece: string) => {
      call.text += piece;
      if (call.isStream && END_OF_STREAM.test(call.text)) call.isComplete = true;
    });
    response.on('error', fail);
    response.on('close', () => resolve(call));
    response.on('end', () => {
      if (!call.isStream) call.isComplete = true;
      resolve(call);
    });
  });
  sent.end(typeof body === 'string' ? body : JSON.stringify(body));
  return promise;
}
