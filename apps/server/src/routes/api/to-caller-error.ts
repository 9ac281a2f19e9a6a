import { GatewayError } from '@app/protocol';
import { StoreError } from '@app/store';

/** What a store answered instead of a result, as the caller's error. Anything else stays what it is. */
export function toCallerError(error: unknown): unknown {
  if (!(error instanceof StoreError)) return error;
  switch (error.code) {
    case 'store_unavailable':
      return new GatewayError('store_unavailable', 'The store does not answer now. Try again soon.', {
        retryAfterS: 2,
        cause: error,
      });
    case 'store_limit':
      return new GatewayError(
        'store_unavailable',
        'The question takes too long. Ask for less, such as a shorter time.',
        {
          retryable: false,
          cause: error,
        },
      );
    case 'conflict':
      return new GatewayError('conflict', 'This conflicts with what is there already.', {
        retryable: false,
        cause: error,
      });
    case 'invalid_text':
      return new GatewayError('invalid_parameter', 'A text holds a character that cannot be kept.', {
        retryable: false,
        cause: error,
      });
    case 'invalid_cursor':
      return new GatewayError('invalid_parameter', 'The cursor is not one that this list gave.', {
        param: 'cursor',
        retryable: false,
      });
    case 'invalid_sql':
      return new GatewayError('invalid_parameter', error.message, { param: 'sql', retryable: false });
    case 'invalid_filter':
      return new GatewayError('invalid_parameter', error.message, { param: 'filter', retryable: false });
  }
}
