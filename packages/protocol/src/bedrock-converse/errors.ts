import type { GatewayError } from '../error.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';
import { readProviderError } from '../read-provider-error.ts';

/**
 * What each exception means, as a status; the service's own is not always telling. What is not listed has its status.
 * Source: the Bedrock API reference, `Converse`, errors; the user guide's page on error codes.
 */
const STATUSES: ReadonlyMap<string, number> = new Map([
  ['validationexception', 400],
  ['accessdeniedexception', 403],
  ['notauthorized', 403],
  ['incompletesignature', 403],
  ['invalidsignatureexception', 403],
  ['requestexpired', 403],
  ['expiredtokenexception', 403],
  ['unrecognizedclientexception', 403],
  ['resourcenotfoundexception', 404],
  ['servicequotaexceededexception', 429],
  ['throttlingexception', 429],
  ['modelnotreadyexception', 503],
  ['serviceunavailableexception', 503],
  ['modeltimeoutexception', 504],
  ['modelerrorexception', 500],
  ['modelstreamerrorexception', 500],
  ['internalserverexception', 500],
]);

const CONTEXT_LENGTH =
  /(input|prompt) is too long|too many (input )?tokens|context (window|length)|maximum (number of )?(input )?tokens/i;
const MODEL_UNKNOWN =
  /model identifier is invalid|model.{0,80}(does not|doesn't) exist|model.{0,80}not found/i;

export function readError(status: number, body: Json | undefined): GatewayError {
  const wire = isObject(body) ? body : {};
  return readException(textOf(wire.__type) || textOf(wire.code), { status, wire, cause: body });
}

type Said = { status: number; wire: JsonObject; cause: unknown };

/** `name` is an exception of the service's, which may come with a name space or a colon: `com.amazon#Name:http://…`. */
export function readException(name: string, { status, wire, cause }: Said): GatewayError {
  const plain = (name.split('#').at(-1) ?? '').split(':')[0] ?? '';
  const meant = STATUSES.get(plain.toLowerCase()) ?? (status === 424 ? 500 : status);
  const message = textOf(wire.message) || textOf(wire.Message);
  const isModelUnknown = (meant === 400 || meant === 404) && MODEL_UNKNOWN.test(message);
  return readProviderError({
    // Another provider may have the model.
    status: isModelUnknown ? 404 : meant,
    message: message === '' ? undefined : message,
    isContextLength: meant === 400 && CONTEXT_LENGTH.test(message),
    isModelUnknown,
    isUnpaid: /INVALID_PAYMENT_INSTRUMENT/.test(message),
    detail: { cause },
  });
}
