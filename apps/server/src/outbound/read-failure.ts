import { GatewayError } from '@app/protocol';

type Failure = { code: 'provider_failed' | 'provider_bad_response' | 'provider_timeout'; sentence: string };

/** What went wrong on the way to a provider, as a typed error that names no address and no credential. */
export function readFailure(providerId: string, cause: unknown): GatewayError {
  if (cause instanceof GatewayError) {
    return new GatewayError(cause.code, cause.message, { ...cause.detail, provider: providerId });
  }
  const failure = findFailure(codeOf(cause));
  // Without a code it is no network trouble but a mistake of ours, in a callback.
  if (!failure) return new GatewayError('internal_error', 'An internal error occurred.', { cause });
  return new GatewayError(failure.code, `The provider ${providerId} ${failure.sentence}.`, {
    provider: providerId,
    cause,
  });
}

const FAILURES: { [code: string]: Failure } = {
  UND_ERR_CONNECT_TIMEOUT: { code: 'provider_timeout', sentence: 'did not accept a connection in time' },
  ETIMEDOUT: { code: 'provider_timeout', sentence: 'did not accept a connection in time' },
  UND_ERR_HEADERS_TIMEOUT: { code: 'provider_timeout', sentence: 'did not start its answer in time' },
  UND_ERR_BODY_TIMEOUT: { code: 'provider_timeout', sentence: 'stopped in the middle of its answer' },
  UND_ERR_HEADERS_OVERFLOW: { code: 'provider_bad_response', sentence: 'sent headers that are too large' },
  UND_ERR_RES_EXCEEDED_MAX_SIZE: {
    code: 'provider_bad_response',
    sentence: 'sent an answer that is too large',
  },
  ENOTFOUND: { code: 'provider_failed', sentence: 'has a host name that does not exist' },
  EAI_AGAIN: { code: 'provider_failed', sentence: 'has a host name that could not be resolved' },
  ECONNREFUSED: { code: 'provider_failed', sentence: 'refused the connection' },
};

const CUT: Failure = {
  code: 'provider_failed',
  sentence: 'closed the connection before its answer was complete',
};
const NOT_HTTP: Failure = { code: 'provider_bad_response', sentence: 'sent something that is not HTTP' };
const UNTRUSTED: Failure = {
  code: 'provider_failed',
  sentence: 'could not be trusted: its TLS certificate or handshake is not valid',
};
const UNREACHABLE: Failure = { code: 'provider_failed', sentence: 'could not be reached' };

const CUT_CODES = new Set([
  'UND_ERR_SOCKET',
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_ABORTED',
]);

function findFailure(code: string | undefined): Failure | undefined {
  if (code === undefined) return undefined;
  if (CUT_CODES.has(code)) return CUT;
  if (code.startsWith('HPE_')) return NOT_HTTP;
  if (/CERT|TLS|SSL|SIGNATURE|ISSUER/.test(code)) return UNTRUSTED;
  return FAILURES[code] ?? UNREACHABLE;
}

/** Trying several addresses fails with an aggregate; its first member says why. */
function codeOf(cause: unknown): string | undefined {
  if (cause instanceof Error && cause.name === 'HTTPParserError') return 'HPE_INVALID';
  if (cause instanceof AggregateError) return codeOf(cause.errors[0]) ?? 'ECONNREFUSED';
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return undefined;
}
