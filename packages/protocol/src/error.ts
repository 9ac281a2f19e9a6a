/** Every error a caller can meet: code → HTTP status and type. The list is closed. */
export const ERRORS = {
  invalid_json: { status: 400, type: 'invalid_request_error' },
  missing_parameter: { status: 400, type: 'invalid_request_error' },
  invalid_parameter: { status: 400, type: 'invalid_request_error' },
  context_length_exceeded: { status: 400, type: 'invalid_request_error' },
  unsupported_parameter: { status: 400, type: 'invalid_request_error' },
  invalid_api_key: { status: 401, type: 'authentication_error' },
  budget_exceeded: { status: 402, type: 'budget_error' },
  insufficient_permissions: { status: 403, type: 'permission_error' },
  model_not_allowed: { status: 403, type: 'permission_error' },
  provider_not_allowed: { status: 403, type: 'permission_error' },
  ip_not_allowed: { status: 403, type: 'permission_error' },
  key_kind_not_allowed: { status: 403, type: 'permission_error' },
  not_found: { status: 404, type: 'not_found_error' },
  model_not_found: { status: 404, type: 'not_found_error' },
  method_not_allowed: { status: 405, type: 'invalid_request_error' },
  request_timeout: { status: 408, type: 'invalid_request_error' },
  nothing_to_replay: { status: 409, type: 'conflict_error' },
  conflict: { status: 409, type: 'conflict_error' },
  length_required: { status: 411, type: 'invalid_request_error' },
  body_too_large: { status: 413, type: 'invalid_request_error' },
  unsupported_media_type: { status: 415, type: 'invalid_request_error' },
  rate_limit_exceeded: { status: 429, type: 'rate_limit_error' },
  token_limit_exceeded: { status: 429, type: 'rate_limit_error' },
  quota_exceeded: { status: 429, type: 'rate_limit_error' },
  concurrency_limit_exceeded: { status: 429, type: 'rate_limit_error' },
  headers_too_large: { status: 431, type: 'invalid_request_error' },
  client_closed_request: { status: 499, type: 'client_closed_request' },
  internal_error: { status: 500, type: 'internal_error' },
  sandbox_unsupported: { status: 501, type: 'not_implemented_error' },
  provider_failed: { status: 502, type: 'provider_error' },
  provider_bad_response: { status: 502, type: 'provider_error' },
  no_target_available: { status: 503, type: 'overloaded_error' },
  overloaded: { status: 503, type: 'overloaded_error' },
  store_unavailable: { status: 503, type: 'overloaded_error' },
  provider_timeout: { status: 504, type: 'timeout_error' },
  deadline_exceeded: { status: 504, type: 'timeout_error' },
} as const satisfies Record<string, { status: number; type: string }>;

export type ErrorCode = keyof typeof ERRORS;

export type ErrorDetail = {
  /** The field at fault, as the caller spells it. */
  param?: string;
  /** The provider that spoke, when the error is an upstream's own. */
  provider?: string;
  /** An upstream's own client error keeps its status. */
  status?: number;
  /** Whole seconds after which a retry can help, under 60. */
  retryAfterS?: number;
  /** Whole seconds that a provider asked to wait, however many: for its key, not for the caller. */
  restS?: number;
  /** False where a retry cannot help. */
  retryable?: boolean;
  /** For us, never for the caller. */
  cause?: unknown;
};

/** The one error class: a code from the closed list, a sentence for the caller, a cause for us. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly type: string;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.status = detail.status ?? ERRORS[code].status;
    this.type = ERRORS[code].type;
    this.detail = detail;
  }
}
