import type { Frame } from '@app/protocol';

/**
 * Exceptions that a stream can end in, by the type that a message stream gives the same failure.
 * Source: the Bedrock API reference, `ConverseStreamOutput` and `ResponseStream`.
 */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['validationException', 'invalid_request_error'],
  ['throttlingException', 'rate_limit_error'],
  ['serviceUnavailableException', 'overloaded_error'],
  ['modelTimeoutException', 'timeout_error'],
]);

/** A failure in the middle of a stream, in a form that the readers of every dialect on Bedrock take for one. */
export function writeException(exception: string, message: string | undefined): Frame {
  const name = exception.charAt(0).toLowerCase() + exception.slice(1);
  const text = message ?? '';
  const body = {
    type: 'error',
    error: { type: TYPES.get(name) ?? 'api_error', message: text },
    message: text,
  };
  return { event: name.endsWith('Exception') ? name : 'internalServerException', data: JSON.stringify(body) };
}
