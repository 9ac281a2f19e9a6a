import { type ErrorCode, GatewayError } from '@app/protocol';

/** The header in which callers bring keys of their own for providers. */
export const PROVIDER_KEYS_HEADER = 'x-tr-provider-keys';

/** Where the key to encrypt to is published. */
export const PUBLIC_KEY_PATH = '/.well-known/tr-public-key';

/** What is wrong with the header and what helps. Never says anything of what is inside. */
export function providerKeysFault(fault: string, code: ErrorCode = 'invalid_parameter'): GatewayError {
  return new GatewayError(code, `X-TR-Provider-Keys ${fault}.`, {
    param: PROVIDER_KEYS_HEADER,
    retryable: false,
  });
}
