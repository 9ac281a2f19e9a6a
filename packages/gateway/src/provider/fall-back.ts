import { type ErrorCode, GatewayError } from '@app/protocol';

/** Statuses that say that the call itself is wrong: another target would say the same. */
const CALLER_AT_FAULT: ReadonlySet<number> = new Set([400, 413, 422]);

/** Errors of our own that no other target can mend. */
const FINAL: ReadonlySet<ErrorCode> = new Set(['deadline_exceeded', 'sandbox_unsupported', 'internal_error']);

/** Whether another target may still answer, before the commit point. */
export function mayFallBack(error: GatewayError): boolean {
  // The dialect keeps an upstream's own status only when the caller is at fault.
  return !FINAL.has(error.code) && !CALLER_AT_FAULT.has(error.detail.status ?? 0);
}

/** A provider's error as the caller sees it: it says who spoke. */
export function callerError(error: GatewayError, provider: string): GatewayError {
  if (error.detail.provider !== undefined || FINAL.has(error.code)) return error;
  return new GatewayError(error.code, error.message, { ...error.detail, provider });
}
