import { type ErrorDetail, GatewayError } from './error.ts';

/** What a dialect could tell from an upstream's refusal. */
export type ProviderRefusal = {
  status: number;
  /** The provider's own sentence. */
  message: string | undefined;
  isContextLength: boolean;
  isModelUnknown: boolean;
  /** The operator's account with the provider is out of money or over its plan. */
  isUnpaid: boolean;
  detail: ErrorDetail;
};

const MESSAGE_LENGTH_MAX = 1_000;
const KEY_LIKE = /\b(?:sk|pk|rk|gsk|xai|tr|tt)[-_][A-Za-z0-9_*-]{6,}|\bBearer\s+\S+/g;

/**
 * The caller's own mistake keeps the upstream's status and sentence; a refusal of *our* credential or account is our
 * failure, told without the provider's words; what may pass is retryable.
 */
export function readProviderError(refusal: ProviderRefusal): GatewayError {
  const { status, isContextLength, isModelUnknown, isUnpaid, detail } = refusal;
  const text = sentence(refusal.message);
  if (isUnpaid || status === 402) {
    return new GatewayError('provider_failed', 'The provider refused the call for billing reasons.', {
      ...detail,
      retryable: false,
    });
  }
  if (status === 401 || status === 403) {
    return new GatewayError('provider_failed', `The provider refused our credential (${status}).`, {
      ...detail,
      retryable: false,
    });
  }
  // Servers that fail over a prompt that is too long say 500; to the caller it is the caller's mistake all the same.
  const own = { ...detail, ...(status >= 400 && status < 500 && { status }), retryable: false };
  if (isContextLength)
    return new GatewayError('context_length_exceeded', text ?? 'The prompt is too long.', own);
  if (isModelUnknown || status === 404)
    return new GatewayError(isModelUnknown ? 'model_not_found' : 'not_found', text ?? 'Not found.', own);
  if (status === 413) return new GatewayError('body_too_large', text ?? 'The request is too large.', own);
  if (status === 400 || status === 422)
    return new GatewayError('invalid_parameter', text ?? 'The provider refused the request.', own);
  return passing(status, text, detail);
}

function passing(status: number, text: string | undefined, detail: ErrorDetail): GatewayError {
  const retryable = { ...detail, retryable: true };
  if (status === 429)
    return new GatewayError('rate_limit_exceeded', text ?? 'The provider is limiting requests.', retryable);
  if (status === 408 || status === 504)
    return new GatewayError('provider_timeout', 'The provider did not answer in time.', retryable);
  if (status === 503 || status === 529)
    return new GatewayError('overloaded', 'The provider is overloaded.', retryable);
  return new GatewayError('provider_failed', `The provider failed (${status}).`, {
    ...detail,
    retryable: status >= 500,
  });
}

/** One line of bounded length, without anything that looks like a key. */
function sentence(message: string | undefined): string | undefined {
  const line = message?.replace(/\s+/g, ' ').trim().slice(0, MESSAGE_LENGTH_MAX);
  return line === undefined || line === '' ? undefined : line.replace(KEY_LIKE, '[removed]');
}
