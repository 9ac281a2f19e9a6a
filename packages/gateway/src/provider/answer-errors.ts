import { GatewayError } from '@app/protocol';

/** Hands a provider's wait in whole seconds on; a date, or more than a minute, is no wait a caller should sit through. */
export function withRetryAfter(error: GatewayError, header: string | undefined): GatewayError {
  if (header === undefined || !/^[0-9]{1,2}$/.test(header) || error.detail.retryAfterS !== undefined)
    return error;
  return new GatewayError(error.code, error.message, {
    ...error.detail,
    retryAfterS: Math.min(Number(header), 59),
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
