import { GatewayError } from './error.ts';

/** A whole reply that is none. `what` ends the sentence: `has no content`. */
export function badReply(what: string): GatewayError {
  return new GatewayError('provider_bad_response', `The provider's reply ${what}.`);
}

export const CUT_STREAM = 'The provider cut the stream before its end.';
export const EVENT_NOT_JSON = 'The provider sent a stream event that is not JSON.';

/** A stream that cannot be read on. */
export function badStream(message: string): GatewayError {
  return new GatewayError('provider_bad_response', message);
}
