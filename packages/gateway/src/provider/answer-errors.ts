import { GatewayError } from '@app/protocol';

/**
 * Hands a provider's wait in whole seconds on. A date, or more than a minute, is no wait that a caller should sit through;
 * `restS` is for the provider's key, however long.
 */
export function withRetryAfter(error: GatewayError, header: string | undefined): GatewayError {
  if (header === undefined || !/^[0-9]{1,7}$/.test(header)) return error;
  const restS = Number(header);
  const isForCaller = restS < 100 && error.detail.retryAfterS === undefined;
  return new GatewayError(error.code, error.message, {
    ...error.detail,
    restS,
    ...(isForCaller ? { retryAfterS: Math.min(restS, 59) } : {}),
  });
}

export function badResponse(what: string): GatewayError {
  return new GatewayError('provider_bad_response', `The provider ${what}.`);
}

/** A reader's own error as it is; anything else is a bug of ours, and the caller learns no more than that. */
export function asGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError('internal_error', 'The reply could not be read.', { cause: error });
}
