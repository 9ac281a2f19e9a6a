import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { GatewayError } from '@app/protocol';

export const REALTIME_PATH = '/v1/realtime';

/** Pages cannot set headers on a WebSocket, so OpenAI's clients offer their key as a subprotocol. */
const KEY_PROTOCOL = 'openai-insecure-api-key.';

export function findOfferedKey(headers: IncomingHttpHeaders): string | undefined {
  const offered = protocolsOf(headers).find((name) => name.startsWith(KEY_PROTOCOL));
  return offered?.slice(KEY_PROTOCOL.length);
}

/** The subprotocol that is answered: `realtime`, else the first that is no secret. */
export function takeSubprotocol(protocols: Set<string>): string | false {
  if (protocols.has('realtime')) return 'realtime';
  return [...protocols].find((name) => !name.startsWith(KEY_PROTOCOL)) ?? false;
}

/** Only programs and our own pages: a page of another origin is refused, as it would be for any other request. */
export function isOwnOrigin({ origin, host }: IncomingHttpHeaders): boolean {
  return origin === undefined || URL.parse(origin)?.host === host;
}

/** The model in the query, which this address cannot do without. Throws a `GatewayError`. */
export function readModel(query: unknown): string {
  const model: unknown =
    typeof query === 'object' && query !== null ? Reflect.get(query, 'model') : undefined;
  if (typeof model === 'string' && model !== '' && model.length <= MODEL_CHARS_MAX) return model;
  const message = 'Missing required parameter: `model` in the query, for example ?model=gpt-realtime.';
  throw new GatewayError('missing_parameter', message, { param: 'model', retryable: false });
}

const MODEL_CHARS_MAX = 512;

/** Whether Node should hand a connection over: everything else that asks for an upgrade is answered as plain HTTP. */
export function isRealtimeUpgrade({ method, url = '', headers }: IncomingMessage): boolean {
  const isThere = url === REALTIME_PATH || url.startsWith(`${REALTIME_PATH}?`);
  return method === 'GET' && isThere && headers.upgrade?.toLowerCase() === 'websocket';
}

function protocolsOf(headers: IncomingHttpHeaders): string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
}
