import type { Permission } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { Outcome } from '../outcome.ts';
import type { Clock, Principal, Snapshot } from '../ports.ts';

export type AuthenticateDeps = {
  snapshot: Snapshot;
  /** HMAC-SHA-256 of the text under the installation's pepper, in base64url. */
  digest: (secretText: string) => string;
  clock: Clock;
};

/** Who presents this secret, when it may do `permission` here. Safe to call before the body is read. */
export type Authenticate = (secretText: string | undefined, permission: Permission) => Outcome<Principal>;

/**
 * Finds the principal behind a presented key. A key that is missing, malformed, unknown, revoked or expired takes the
 * same operations (one digest, one look-up, one look at the clock) and meets the same 401.
 */
export function createAuthenticate({ snapshot, digest, clock }: AuthenticateDeps): Authenticate {
  return (secretText, permission) => {
    const presented = secretText === undefined || secretText.length > SECRET_CHARS_MAX ? '' : secretText;
    const principal = snapshot.findPrincipal(digest(presented));
    const nowMs = clock.nowMs();
    if (principal === undefined || presented === '' || (principal.expiresAtMs ?? Infinity) <= nowMs) {
      return refused(new GatewayError('invalid_api_key', 'Invalid API key provided', { retryable: false }));
    }
    if (principal.kind === 'ingest' && permission !== 'traces:write') {
      const message = 'This is an ingest key, which can only send traces. Use a gateway key here.';
      return refused(new GatewayError('key_kind_not_allowed', message, { retryable: false }));
    }
    if (!principal.permissions.has(permission)) {
      const message = 'API key does not have permission for this resource';
      return refused(new GatewayError('insufficient_permissions', message, { retryable: false }));
    }
    return { ok: true, value: principal };
  };
}

/** Longer than any key; what exceeds it is not hashed, so that a header bomb costs no more than a key. */
const SECRET_CHARS_MAX = 256;

function refused(error: GatewayError): { ok: false; error: GatewayError } {
  return { ok: false, error };
}
