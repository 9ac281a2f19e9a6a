import type { ErrorDetail, GatewayError } from '../error.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { readProviderError } from '../read-provider-error.ts';

/** The envelope of OpenAI, with `detail` beside it for clients that read the message there. */
export function writeError(error: GatewayError, requestId: string): { status: number; body: JsonObject } {
  const inner: JsonObject = {
    type: error.type,
    message: error.message,
    code: error.code,
    param: error.detail.param ?? null,
    http_status: error.status,
    request_id: requestId,
  };
  if (error.detail.provider !== undefined) inner.provider = error.detail.provider;
  return { status: error.status, body: { error: inner, detail: error.message } };
}

/** Source: OpenAI's error codes page. Some compatible servers put the text under `message`, `detail` or `error` itself. */
export function readError(status: number, body: Json | undefined): GatewayError {
  const outer = isObject(body) ? body : {};
  const inner = isObject(outer.error) ? outer.error : outer;
  const text = [inner.message, outer.error, outer.message, outer.detail].find(
    (value) => typeof value === 'string',
  );
  const code = typeof inner.code === 'string' ? inner.code : undefined;
  const detail: ErrorDetail = { cause: body };
  if (typeof inner.param === 'string') detail.param = inner.param;
  return readProviderError({
    status,
    message: typeof text === 'string' ? text : undefined,
    isContextLength: code === 'context_length_exceeded',
    isModelUnknown: code === 'model_not_found',
    isUnpaid: code === 'insufficient_quota' || inner.type === 'insufficient_quota',
    detail,
  });
}

/** An error inside a stream or a 200 has no status of its own; OpenRouter puts one into `code`. */
export function readErrorBody(body: JsonObject): GatewayError {
  const inner = isObject(body.error) ? body.error : {};
  const { code, type } = inner;
  const asNumber = typeof code === 'string' ? Number(code) : code;
  if (typeof asNumber === 'number' && asNumber >= 400 && asNumber < 600) return readError(asNumber, body);
  return readError(statusOf(typeof type === 'string' ? type : ''), body);
}

function statusOf(type: string): number {
  if (type.includes('rate_limit')) return 429;
  if (type.includes('invalid_request')) return 400;
  if (type.includes('overloaded') || type.includes('unavailable')) return 503;
  return 500;
}
