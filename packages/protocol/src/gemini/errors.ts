import type { ErrorDetail, GatewayError } from '../error.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';
import { readProviderError } from '../read-provider-error.ts';

/** Source: Google's design guide for APIs, "Errors": the canonical names. What is not listed is a 4xx of the caller's. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [401, 'UNAUTHENTICATED'],
  [402, 'FAILED_PRECONDITION'],
  [403, 'PERMISSION_DENIED'],
  [404, 'NOT_FOUND'],
  [408, 'DEADLINE_EXCEEDED'],
  [409, 'ABORTED'],
  [429, 'RESOURCE_EXHAUSTED'],
  [499, 'CANCELLED'],
  [500, 'INTERNAL'],
  [501, 'UNIMPLEMENTED'],
  [502, 'UNAVAILABLE'],
  [503, 'UNAVAILABLE'],
  [504, 'DEADLINE_EXCEEDED'],
]);

const STATUSES: ReadonlyMap<string, number> = new Map([
  ['INVALID_ARGUMENT', 400],
  ['FAILED_PRECONDITION', 400],
  ['OUT_OF_RANGE', 400],
  ['UNAUTHENTICATED', 401],
  ['PERMISSION_DENIED', 403],
  ['NOT_FOUND', 404],
  ['ABORTED', 409],
  ['RESOURCE_EXHAUSTED', 429],
  ['UNAVAILABLE', 503],
  ['DEADLINE_EXCEEDED', 504],
]);

const TYPE = 'type.googleapis.com/google.rpc.';

/** Google's envelope: our code is the reason of its `ErrorInfo`, and the request id stands where its clients look. */
export function writeError(error: GatewayError, requestId: string): { status: number; body: JsonObject } {
  const { param, provider, retryAfterS } = error.detail;
  const metadata: JsonObject = { type: error.type };
  if (param !== undefined) metadata.param = param;
  if (provider !== undefined) metadata.provider = provider;
  const details: JsonObject[] = [
    { '@type': `${TYPE}ErrorInfo`, reason: error.code, domain: 'tokenrouter', metadata },
    { '@type': `${TYPE}RequestInfo`, requestId },
  ];
  if (retryAfterS !== undefined) details.push({ '@type': `${TYPE}RetryInfo`, retryDelay: `${retryAfterS}s` });
  const { status } = error;
  const name = NAMES.get(status) ?? (status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT');
  return { status, body: { error: { code: status, message: error.message, status: name, details } } };
}

/** A stream that is refused without `alt=sse` answers with a list of one envelope. */
export function readError(status: number, body: Json | undefined): GatewayError {
  const outer = Array.isArray(body) ? body[0] : body;
  const inner = isObject(outer) && isObject(outer.error) ? outer.error : {};
  const message = textOf(inner.message);
  const details = Array.isArray(inner.details) ? inner.details.filter(isObject) : [];
  const detail: ErrorDetail = { cause: body };
  const retryAfterS = readRetry(details);
  if (retryAfterS !== undefined) detail.retryAfterS = retryAfterS;
  return readProviderError({
    // Google calls a bad key an invalid argument, and it is our key.
    status: isKeyRefused(details, message) ? 401 : status,
    // What Google says of a quota is about the operator's account.
    message: message === '' || (status === 429 && /quota/i.test(message)) ? undefined : message,
    isContextLength: status === 400 && TOO_LONG.test(message),
    isModelUnknown: status === 404 && /\bmodels?\b/i.test(message),
    isUnpaid: inner.status === 'FAILED_PRECONDITION' && /billing/i.test(message),
    detail,
  });
}

/** An error inside a stream or a 200 has its status in its own fields. */
export function readErrorBody(body: JsonObject): GatewayError {
  const inner = isObject(body.error) ? body.error : {};
  const { code } = inner;
  const isStatus = typeof code === 'number' && code >= 400 && code < 600;
  return readError(isStatus ? code : (STATUSES.get(textOf(inner.status)) ?? 500), body);
}

const TOO_LONG = /exceeds the maximum number of (?:input )?tokens|input token count|prompt is too long/i;
const RETRY_S_MAX = 59;

function isKeyRefused(details: JsonObject[], message: string): boolean {
  return (
    details.some((one) => one.reason === 'API_KEY_INVALID') || /^API key (?:not valid|expired)/i.test(message)
  );
}

/** A duration such as `34.4s`; more than a minute is no wait a caller should sit through. */
function readRetry(details: JsonObject[]): number | undefined {
  const info = details.find((one) => one['@type'] === `${TYPE}RetryInfo`);
  const seconds = Number(/^([0-9.]+)s$/.exec(textOf(info?.retryDelay))?.[1]);
  return Number.isFinite(seconds) ? Math.min(Math.ceil(seconds), RETRY_S_MAX) : undefined;
}
