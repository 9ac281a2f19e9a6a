import type { GatewayError } from '../error.ts';
import { isObject, type JsonObject, textOf } from '../json.ts';
import { readError, readErrorBody, writeError } from '../openai-chat/errors.ts';

export { readError, writeError };

const CALLERS_FAULT = /invalid(?!_api_key)|image|context_length|policy|unsupported/;

/**
 * The error of a response that failed (`error: {code, message}`), or an `error` event, which holds the same fields
 * itself or under `error`. It has no status: the code tells whose fault it is.
 */
export function readFailure(wire: JsonObject): GatewayError {
  const inner = isObject(wire.error) ? wire.error : wire;
  const { code, message, param } = inner;
  const type = textOf(inner.type) === '' || inner.type === 'error' ? textOf(code) : inner.type;
  const body = { error: { type, code, message, param } };
  return CALLERS_FAULT.test(textOf(code)) ? readError(400, body) : readErrorBody(body);
}
