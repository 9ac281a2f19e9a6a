import type { GatewayError } from '../error.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { readProviderError } from '../read-provider-error.ts';

/** Source: Anthropic's page on errors. What is not listed is a 4xx, told as an invalid request. */
const TYPES: ReadonlyMap<number, string> = new Map([
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [409, 'conflict_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [504, 'timeout_error'],
  [529, 'overloaded_error'],
]);

const STATUSES: ReadonlyMap<string, number> = new Map([
  ...[...TYPES].map(([status, type]): [string, number] => [type, status]),
  ['invalid_request_error', 400],
  ['api_error', 500],
]);

/** Anthropic's envelope and types; an overload is 529 there. `code` and `request_id` are the same facts as elsewhere. */
export function writeError(error: GatewayError, requestId: string): { status: number; body: JsonObject } {
  const status = error.status === 503 ? 529 : error.status;
  const inner: JsonObject = {
    type: TYPES.get(status) ?? (status >= 500 ? 'api_error' : 'invalid_request_error'),
    message: error.message,
    code: error.code,
    // The official clients read the code here.
    details: isThread(error) ? NO_THREAD : { error_code: error.code },
  };
  if (error.detail.param !== undefined) inner.param = error.detail.param;
  if (error.detail.provider !== undefined) inner.provider = error.detail.provider;
  return { status, body: { type: 'error', error: inner, request_id: requestId } };
}

/**
 * At this code the tool runner of the official clients sends the whole conversation instead of a thread, which it tries
 * first. Source: the reference's `ThreadUnsupportedRequestErrorDetails`.
 */
const NO_THREAD = { error_code: 'thread_unsupported_request', unsupported: ['thread'] };

function isThread({ code, detail }: GatewayError): boolean {
  return code === 'unsupported_parameter' && detail.param === 'thread';
}

export function readError(status: number, body: Json | undefined): GatewayError {
  const inner = isObject(body) && isObject(body.error) ? body.error : {};
  const message = typeof inner.message === 'string' ? inner.message : undefined;
  return readProviderError({
    status,
    message,
    isContextLength: status === 400 && /prompt is too long|exceed context limit/i.test(message ?? ''),
    isModelUnknown: status === 404 && /^model/i.test(message ?? ''),
    isUnpaid: inner.type === 'billing_error' || /credit balance is too low/i.test(message ?? ''),
    detail: { cause: body },
  });
}

/** An error inside a stream or a 200 has its status only in its type. */
export function readErrorBody(body: JsonObject): GatewayError {
  const inner = isObject(body.error) ? body.error : {};
  const type = typeof inner.type === 'string' ? inner.type : '';
  return readError(STATUSES.get(type) ?? 500, body);
}
